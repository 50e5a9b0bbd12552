import type { ApiSchema } from '../../_control/openapi/document.ts';
import type { ShownOperation } from './operations-of.ts';

/** A call that works once the words in capitals are replaced. */
export function curlExample(origin: string, { method, path, operation, parameters }: ShownOperation): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase());
  const required = parameters.filter((parameter) => parameter.in === 'query' && parameter.required);
  const query = required.map(({ name }) => `${name}=${name.toUpperCase()}`).join('&');
  const body = operation.requestBody?.content['application/json']?.schema;
  const isOpen = operation.security?.length === 0;
  const lines = [
    `curl${method === 'get' ? '' : ` -X ${method.toUpperCase()}`} '${origin}${filled}${query && `?${query}`}'`,
    ...(isOpen ? [] : [`-H 'Authorization: Bearer API_KEY'`]),
    ...(body ? [`-H 'Content-Type: application/json'`, `-d '${shellQuoted(JSON.stringify(exampleOf(body)))}'`] : []),
  ];
  return lines.join(' \\\n  ');
}

/** Of an object its required fields; when none is, the first. */
export function exampleOf(schema: ApiSchema, name = 'text'): unknown {
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum?.[0] !== undefined) return schema.enum[0];
  const [choice] = schema.anyOf ?? schema.oneOf ?? [];
  if (choice) return exampleOf(choice, name);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object': {
      const properties = Object.entries(schema.properties ?? {});
      const required = properties.filter(([property]) => schema.required?.includes(property));
      const shown = required.length > 0 ? required : properties.slice(0, 1);
      return Object.fromEntries(shown.map(([property, inner]) => [property, exampleOf(inner, property)]));
    }
    case 'array':
      return schema.items ? [exampleOf(schema.items, name)] : [];
    case 'integer':
    case 'number':
      return schema.minimum !== undefined && schema.minimum > Number.MIN_SAFE_INTEGER ? schema.minimum : 1;
    case 'boolean':
      return true;
    default:
      return schema.format === 'uri' ? 'https://example.com' : name.toUpperCase();
  }
}

function shellQuoted(text: string): string {
  return text.replaceAll("'", `'\\''`);
}
