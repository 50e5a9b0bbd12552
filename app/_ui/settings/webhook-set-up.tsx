import { CodeBlock } from '../controls/code-block.tsx';
import { Panel } from '../controls/panel.tsx';

/** What LiveKit has to be told, so that it tells us. */
export function WebhookSetUp({ url, apiKey }: { url: string; apiKey: string }) {
  return (
    <Panel title="Webhooks of LiveKit">
      <div className="space-y-3 px-4 py-4">
        <p className="text-pretty text-ink-muted">
          They make recordings by rules begin at once. Enter this address in LiveKit Cloud under Settings → Webhooks, or
          in the configuration of your own server:
        </p>
        <CodeBlock name="the configuration" code={`webhook:\n  api_key: ${apiKey}\n  urls:\n    - ${url}`} />
      </div>
    </Panel>
  );
}
