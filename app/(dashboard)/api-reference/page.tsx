import type { Metadata } from 'next';
import { requireSession } from '../../_control/pages.ts';
import { apiDocument } from '../../_control/settings-pages.ts';
import { ApiReference } from '../../_ui/api-reference/api-reference.tsx';

export const metadata: Metadata = { title: 'API reference' };

export default async function ApiReferencePage() {
  await requireSession();
  return <ApiReference document={await apiDocument()} />;
}
