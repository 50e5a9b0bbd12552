import type { Metadata } from 'next';
import { requireRole } from '../../../_control/pages.ts';
import { listApiKeys } from '../../../_control/user-pages.ts';
import { ApiKeys } from '../../../_ui/api-keys/api-keys.tsx';

export const metadata: Metadata = { title: 'API keys' };

export default async function ApiKeysPage() {
  await requireRole('admin');
  return <ApiKeys apiKeys={await listApiKeys()} />;
}
