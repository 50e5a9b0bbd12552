import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { installation, requireRole } from '../../_control/pages.ts';
import { PageHeader } from '../../_ui/controls/page-header.tsx';
import { Join } from '../../_ui/join/join.tsx';

export const metadata: Metadata = { title: 'Join a room' };

interface JoinPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function JoinPage({ searchParams }: JoinPageProps) {
  await requireRole('operator');
  if (!(await installation()).embedded) notFound();
  const { room, identity } = await searchParams;
  return (
    <>
      <PageHeader title="Join a room">With this browser’s camera and microphone, to be recorded.</PageHeader>
      <Join
        room={typeof room === 'string' ? room : 'demo'}
        identity={typeof identity === 'string' ? identity : `browser-${Math.random().toString(36).slice(2, 6)}`}
      />
    </>
  );
}
