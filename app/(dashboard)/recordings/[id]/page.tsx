import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getRecording, listRules, listShares, requireSession } from '../../../_control/pages.ts';
import { ruleNamesOf } from '../../../_ui/recording/origin-text.ts';
import { RecordingPage } from '../../../_ui/recording/recording-page.tsx';

export const metadata: Metadata = { title: 'Recording' };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  await requireSession();
  const recording = await getRecording((await params).id);
  if (recording === undefined) notFound();
  const [shares, rules] = await Promise.all([listShares(recording.id), listRules()]);
  return <RecordingPage recording={recording} shares={shares} ruleNames={ruleNamesOf(rules)} />;
}
