/** Everything that stands between the parts of a product, to be taken down together. */
export class Paths {
  readonly #all: { stop(): Promise<void> }[] = [];

  add<Path extends { stop(): Promise<void> }>(path: Path): Path {
    this.#all.push(path);
    return path;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#all.map((path) => path.stop()));
  }
}
