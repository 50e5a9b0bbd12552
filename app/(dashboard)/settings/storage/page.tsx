import type { Metadata } from 'next';
import { requireRole } from '../../../_control/pages.ts';
import { storageDescription } from '../../../_control/settings-pages.ts';
import { CheckPanel } from '../../../_ui/settings/check-panel.tsx';

export const metadata: Metadata = { title: 'Storage · Settings' };

export default async function StoragePage() {
  await requireRole('admin');
  return (
    <>
      <CheckPanel title="Storage" place={await storageDescription()} path="/api/v1/checks/storage" />
      <p className="max-w-prose text-ink-muted">
        Recordings are stored where <code className="font-mono text-[0.8125rem]">STORAGE_URL</code> says. Workers write
        there themselves, so each of them needs to reach it, too. What is there stays readable when it is changed only
        if it is copied to the new place first.
      </p>
    </>
  );
}
