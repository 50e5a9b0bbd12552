import {
  type ApiDocument,
  type ApiMethod,
  type ApiOperation,
  type ApiParameter,
  apiMethods,
} from '../../_control/openapi/document.ts';

/** A method of a path, with what a reader wants to see of it at once. */
export interface ShownOperation {
  /** Within the page. */
  anchor: string;
  method: ApiMethod;
  path: string;
  operation: ApiOperation;
  /** Of the path and of the method. */
  parameters: readonly ApiParameter[];
}

/** By topic, in the order of the document. */
export function operationsOf(document: ApiDocument): { topic: string; operations: ShownOperation[] }[] {
  const all = Object.entries(document.paths).flatMap(([path, described]) =>
    apiMethods.flatMap((method): ShownOperation[] => {
      const operation = described[method];
      if (!operation) return [];
      const parameters = [...(described.parameters ?? []), ...(operation.parameters ?? [])];
      return [{ anchor: anchorOf(method, path), method, path, operation, parameters }];
    }),
  );
  return document.tags.map(({ name }) => ({
    topic: name,
    operations: all.filter(({ operation }) => operation.tags.includes(name)),
  }));
}

function anchorOf(method: ApiMethod, path: string): string {
  return `${method}-${path.replace(/^\/api\/(v1\/)?/, '').replace(/[^\w]+/g, '-')}`.replace(/-+$/, '');
}
