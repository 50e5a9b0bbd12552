import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getRecording, listRules, listShares, requireSession } from '../../../_control/pages.ts';
import { ruleNamesOf } from '../../../_ui/recording/origin-text.ts';
import { RecordingPage } from '../../../_ui/recording/recording-page.tsx';
import { parsePosition } from '../../../_ui/share/parse-position.ts';

export const metadata: Metadata = { title: 'Recording' };

interface PageProps {
  params: Promise<{ id: string }>;
  /** `t`: seconds, or `1:02:03`. */
  searchParams: Promise<{ t?: string | string[] }>;
}

export default async function Page({ params, searchParams }: PageProps) {
  await requireSession();
  const recording = await getRecording((await params).id);
  if (recording === undefined) notFound();
  const [shares, rules] = await Promise.all([listShares(recording.id), listRules()]);
  const { t } = await searchParams;
  const startAtMs = typeof t === 'string' ? (parsePosition(t) ?? 0) : 0;
  return <RecordingPage recording={recording} shares={shares} ruleNames={ruleNamesOf(rules)} startAtMs={startAtMs} />;
}
