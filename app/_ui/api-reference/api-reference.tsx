import type { ApiDocument } from '../../_control/openapi/document.ts';
import { ButtonAnchor } from '../controls/button.tsx';
import { CodeBlock } from '../controls/code-block.tsx';
import { PageHeader } from '../controls/page-header.tsx';
import { Panel } from '../controls/panel.tsx';
import { MethodBadge, OperationItem } from './operation-item.tsx';
import { operationsOf } from './operations-of.ts';
import { SchemaFields } from './schema-fields.tsx';
import { WithCode } from './with-code.tsx';

/** The document in the product's own look, rendered on the server: it works without script and from nowhere else. */
export function ApiReference({ document }: { document: ApiDocument }) {
  const topics = operationsOf(document);
  const origin = document.servers[0]?.url ?? '';
  return (
    <>
      <PageHeader
        title="API reference"
        actions={<ButtonAnchor href="/api/v1/openapi.json">OpenAPI 3.1 as JSON</ButtonAnchor>}
      >
        Everything these pages do, a program can do, too.
      </PageHeader>
      <div className="space-y-6">
        <Panel title="How to call it">
          <div className="max-w-prose space-y-3 px-4 py-4 text-pretty text-ink-muted">
            <p>
              Send an API key with each request. Admins make them under Settings → API keys; each has scopes, and each
              operation names the one it needs.
            </p>
            <CodeBlock
              name="the first call"
              code={`curl '${origin}/api/v1/recordings?status=ready&limit=10' \\\n  -H 'Authorization: Bearer API_KEY'`}
            />
            <p>
              Lists answer <Code>items</Code> and <Code>nextCursor</Code>: send it as <Code>cursor</Code> for the next
              page, until it is null. Times are UTC (ISO 8601), durations milliseconds. Fields that are not known are
              refused.
            </p>
            <p>
              Event streams are resumed with <Code>Last-Event-ID</Code>: nothing is lost, nothing comes twice. A start
              with an <Code>Idempotency-Key</Code> can be sent again without starting twice.
            </p>
          </div>
        </Panel>
        <nav aria-label="Operations" className="columns-1 gap-8 sm:columns-2 xl:columns-3">
          {topics.map(({ topic, operations }) => (
            <div key={topic} className="mb-5 break-inside-avoid">
              <p className="mb-1 font-semibold">{topic}</p>
              <ul>
                {operations.map(({ anchor, method, path }) => (
                  <li key={anchor}>
                    <a
                      href={`#${anchor}`}
                      className="flex min-h-7 items-center gap-2 rounded-md hover:bg-hover pointer-coarse:min-h-10"
                    >
                      <MethodBadge method={method} />
                      <span className="min-w-0 truncate font-mono text-xs">{path.replace('/api/v1', '')}</span>
                    </a>
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </nav>
        {topics.map(({ topic, operations }) => (
          <Panel key={topic} title={topic}>
            <div className="divide-y divide-line">
              {operations.map((shown) => (
                <OperationItem key={shown.anchor} origin={origin} shown={shown} />
              ))}
            </div>
          </Panel>
        ))}
        {Object.entries(document.webhooks).map(([name, { post }]) => (
          <Panel key={name} title={post.summary}>
            <div className="space-y-2 px-4 py-4">
              <p className="max-w-prose text-pretty text-ink-muted">
                <WithCode text={post.description} />
              </p>
              <SchemaFields isAnswer schema={post.requestBody.content['application/json']?.schema ?? {}} />
            </div>
          </Panel>
        ))}
        <div id="problems" className="scroll-mt-16">
          <Panel title="Problems">
            <div className="space-y-2 px-4 py-4">
              <p className="max-w-prose text-pretty text-ink-muted">
                What is refused is answered as <Code>application/problem+json</Code> (RFC 9457). <Code>detail</Code> is
                a sentence for a person, <Code>fields</Code> says of each field what is wrong with it.
              </p>
              <SchemaFields isAnswer schema={document.components.schemas.Problem ?? {}} />
            </div>
          </Panel>
        </div>
      </div>
    </>
  );
}

function Code({ children }: { children: string }) {
  return <code className="rounded bg-sunken px-1 font-mono text-[0.8125rem] text-ink">{children}</code>;
}
