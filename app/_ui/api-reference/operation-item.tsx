import clsx from 'clsx';
import type { ApiParameter, ApiSchema } from '../../_control/openapi/document.ts';
import { CodeBlock } from '../controls/code-block.tsx';
import { curlExample } from './curl-example.ts';
import type { ShownOperation } from './operations-of.ts';
import { SchemaFields } from './schema-fields.tsx';
import { WithCode } from './with-code.tsx';

const methodClasses = {
  get: 'bg-busy-tint text-busy-ink',
  post: 'bg-good-tint text-good-ink',
  patch: 'bg-warn-tint text-warn-ink',
  delete: 'bg-live-tint text-live-ink',
} as const;

export function OperationItem({ origin, shown }: { origin: string; shown: ShownOperation }) {
  const { anchor, method, path, operation, parameters } = shown;
  const body = operation.requestBody?.content['application/json']?.schema;
  const scope = operation.security.flatMap(({ apiKey = [] }) => apiKey)[0];
  const refusals = Object.keys(operation.responses).filter((status) => !status.startsWith('2'));
  return (
    <article id={anchor} aria-labelledby={`${anchor}-name`} className="scroll-mt-16 px-4 py-5 target:bg-busy-tint/40">
      <h3 id={`${anchor}-name`} className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <MethodBadge method={method} />
        <a href={`#${anchor}`} className="min-w-0 font-mono text-[0.8125rem] font-medium break-all hover:underline">
          {path}
        </a>
        {scope && <span className="ml-auto font-mono text-xs text-ink-muted">{scope}</span>}
      </h3>
      <p className="mt-2 text-pretty first-letter:uppercase">
        <WithCode text={operation.summary} />
      </p>
      {operation.description && (
        <p className="mt-1 max-w-prose text-pretty text-ink-muted">
          <WithCode text={operation.description} />
        </p>
      )}
      <div className="mt-4 grid gap-x-8 gap-y-5 xl:grid-cols-2">
        <div className="min-w-0 space-y-5">
          {parameters.length > 0 && (
            <Section title="Parameters">
              <SchemaFields schema={schemaOf(parameters)} />
            </Section>
          )}
          {body && (
            <Section title={operation.requestBody?.required ? 'Body' : 'Body, if any'}>
              <SchemaFields schema={body} />
            </Section>
          )}
          {Object.entries(operation.responses)
            .filter(([status]) => status.startsWith('2'))
            .map(([status, { content }]) => (
              <Answer key={status} status={status} content={content} />
            ))}
        </div>
        <div className="min-w-0 space-y-2 xl:sticky xl:top-6 xl:self-start">
          <CodeBlock name={`the example of ${method.toUpperCase()} ${path}`} code={curlExample(origin, shown)} />
          {refusals.length > 0 && (
            <p className="text-xs text-ink-faint">
              Refused with{' '}
              <a href="#problems" className="underline underline-offset-2 hover:text-ink">
                {refusals.join(', ')}
              </a>
            </p>
          )}
        </div>
      </div>
    </article>
  );
}

export function MethodBadge({ method }: { method: ShownOperation['method'] }) {
  return (
    <span
      className={clsx(
        'inline-flex w-14 shrink-0 justify-center rounded-md py-0.5 font-mono text-[0.6875rem] font-semibold uppercase',
        methodClasses[method],
      )}
    >
      {method}
    </span>
  );
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section>
      <h4 className="text-xs font-medium text-ink-faint">{title}</h4>
      <div className="mt-1">{children}</div>
    </section>
  );
}

interface AnswerProps {
  status: string;
  content: Record<string, { schema?: ApiSchema }> | undefined;
}

/** Closed: many methods answer the same long thing. */
function Answer({ status, content }: AnswerProps) {
  const [first] = Object.entries(content ?? {});
  const [type, schema] = first ? [first[0], first[1].schema] : ['nothing', undefined];
  if (!schema) {
    return (
      <p className="text-xs font-medium text-ink-faint">
        Answer {status} <span className="font-mono font-normal text-ink-muted">{type}</span>
      </p>
    );
  }
  return (
    <details>
      <summary className="rounded-md text-xs font-medium text-ink-faint hover:text-ink">Answer {status}</summary>
      <div className="mt-1">
        <SchemaFields schema={schema} isAnswer />
      </div>
    </details>
  );
}

/** Parameters are shown as the fields of an object are. */
function schemaOf(parameters: readonly ApiParameter[]): ApiSchema {
  return {
    properties: Object.fromEntries(
      parameters.map(({ name, in: place, description, schema }) => [
        name,
        { ...schema, description: [placeWords[place], description ?? schema.description].filter(Boolean).join(' ') },
      ]),
    ),
    required: parameters.filter(({ required }) => required).map(({ name }) => name),
  };
}

const placeWords = { path: 'In the path.', query: '', header: 'In a header.' } as const;
