import type { ApiSchema } from '../../_control/openapi/document.ts';

/** How deep a schema is shown; below, its name in a word is all. */
const MOST_DEPTH = 3;

interface SchemaFieldsProps {
  schema: ApiSchema;
  /** Of a request it is said what must be there, of an answer what may be missing. */
  isAnswer?: boolean;
  depth?: number;
}

/** The fields of an object, and of what lies in it. */
export function SchemaFields({ schema, isAnswer = false, depth = 0 }: SchemaFieldsProps) {
  const object = objectOf(schema);
  const fields = Object.entries(object?.properties ?? {});
  if (fields.length === 0)
    return depth === 0 ? <p className="font-mono text-xs text-ink-muted">{typeOf(schema)}</p> : null;
  return (
    <ul className={depth === 0 ? 'divide-y divide-line' : 'mt-1.5 ml-1 divide-y divide-line border-l border-line pl-3'}>
      {fields.map(([name, field]) => (
        <SchemaField
          key={name}
          name={name}
          field={field}
          presence={presenceOf(object?.required?.includes(name) === true, isAnswer)}
          isAnswer={isAnswer}
          depth={depth}
        />
      ))}
    </ul>
  );
}

interface SchemaFieldProps {
  name: string;
  field: ApiSchema;
  presence: string;
  isAnswer: boolean;
  depth: number;
}

function SchemaField({ name, field, presence, isAnswer, depth }: SchemaFieldProps) {
  const hasFields = Object.keys(objectOf(field)?.properties ?? {}).length > 0;
  const summary = (
    <>
      <span className="font-mono text-[0.8125rem] font-medium">{name}</span>{' '}
      <span className="font-mono text-xs break-words text-ink-muted">{typeOf(field)}</span>
      {presence !== '' && <span className="text-xs text-ink-faint"> · {presence}</span>}
      {field.default !== undefined && (
        <span className="any-text text-xs text-ink-faint"> · default {JSON.stringify(field.default)}</span>
      )}
      {boundsOf(field) !== '' && <span className="text-xs text-ink-faint"> · {boundsOf(field)}</span>}
      {field.description && <span className="mt-0.5 block text-pretty text-ink-muted">{field.description}</span>}
    </>
  );
  if (!hasFields || depth >= MOST_DEPTH) return <li className="py-1.5">{summary}</li>;
  return (
    <li className="py-1.5">
      <details>
        <summary className="rounded-md">{summary}</summary>
        <SchemaFields schema={field} isAnswer={isAnswer} depth={depth + 1} />
      </details>
    </li>
  );
}

function presenceOf(isRequired: boolean, isAnswer: boolean): string {
  if (isRequired === isAnswer) return '';
  return isRequired ? 'required' : 'may be missing';
}

/** Through lists and what may be null. */
function objectOf(schema: ApiSchema): ApiSchema | undefined {
  if (schema.properties) return schema;
  if (schema.items) return objectOf(schema.items);
  for (const choice of schema.anyOf ?? schema.oneOf ?? []) {
    const found = objectOf(choice);
    if (found) return found;
  }
  return undefined;
}

function typeOf(schema: ApiSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map(typeOf))].join(' | ');
  if (schema.items) {
    const item = typeOf(schema.items);
    return item.includes(' ') ? `(${item})[]` : `${item}[]`;
  }
  if (typeof schema.additionalProperties === 'object') return `{ …: ${typeOf(schema.additionalProperties)} }`;
  const type = Array.isArray(schema.type) ? schema.type.join(' | ') : (schema.type ?? 'any');
  return schema.format ? `${type} (${schema.format})` : type;
}

/** Not those that only say that it is a whole number. */
function boundsOf({ minimum, maximum, minLength, maxLength }: ApiSchema): string {
  const isBound = (value: number | undefined): value is number =>
    value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;
  return [
    ...(isBound(minimum) ? [`at least ${minimum}`] : []),
    ...(isBound(maximum) ? [`at most ${maximum}`] : []),
    ...(isBound(minLength) && minLength > 1 ? [`at least ${minLength} characters`] : []),
    ...(isBound(maxLength) ? [`at most ${maxLength} characters`] : []),
  ].join(', ');
}
