/** Middleware of a request: signs a digest that is already known, instead of hashing the same bytes again. */
export function signedContent(sha256: string) {
  return <Args extends object, Result>(next: (args: Args) => Promise<Result>) =>
    (args: Args): Promise<Result> => {
      const { request } = args as { request?: { headers: Record<string, string> } };
      if (request) request.headers['x-amz-content-sha256'] = sha256;
      return next(args);
    };
}
