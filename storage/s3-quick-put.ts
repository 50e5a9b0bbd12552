/**
 * Puts whole objects at half the processor time of the SDK, whose middleware takes as much as the rest of a PUT.
 *
 * In: key, bytes and their digest. Out: whether the object is stored. How to send is learned from the last PUT that the SDK got
 * through: the same request, with another key and other bytes, is signed by the SDK's signer (credentials and clock correction of now)
 * and sent over its connections, with its time limits. Whatever is not plain success is forgotten and left to the SDK, which
 * sends the object once more: so its errors, retries and corrections are the only ones.
 */
import type { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

type SdkRequest = Parameters<S3Client['config']['requestHandler']['handle']>[0];

interface Pattern {
  request: SdkRequest;
  /** Of the path, before the key. */
  pathBefore: string;
  headers: Record<string, string>;
  signer: Awaited<ReturnType<S3Client['config']['signer']>>;
}

export interface QuickPut {
  key: string;
  bytes: Uint8Array;
  contentType: string;
  sha256: string;
  requestTimeout: number;
}

/** Directory buckets and access points of several regions sign otherwise, and are left to the SDK. */
const usualSignature = /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d+\/([^/]+)\/s3\//;

export class S3QuickPut {
  readonly #client: S3Client;
  #pattern: Pattern | undefined;

  constructor(client: S3Client) {
    this.#client = client;
  }

  async put({ key, bytes, contentType, sha256, requestTimeout }: QuickPut): Promise<boolean> {
    const pattern = this.#pattern;
    if (!pattern) return false;
    const { config } = this.#client;
    try {
      const headers = {
        ...pattern.headers,
        'content-length': String(bytes.length),
        'content-type': contentType,
        'x-amz-content-sha256': sha256,
      };
      const request = { ...pattern.request, path: pattern.pathBefore + key, headers, body: bytes };
      const signingDate = new Date(Date.now() + config.systemClockOffset);
      const signed = await pattern.signer.sign(request, { signingDate });
      const { response } = await config.requestHandler.handle(signed as SdkRequest, { requestTimeout });
      if (response.statusCode === 200) {
        response.body.resume();
        return true;
      }
      response.body.destroy();
    } catch {
      // The SDK will say what it is.
    }
    this.#pattern = undefined;
    return false;
  }

  /** Sends it by the SDK. @param key the end of the command's. */
  async putBySdk(key: string, command: PutObjectCommand, options: { requestTimeout: number }): Promise<void> {
    let sent: SdkRequest | undefined;
    command.middlewareStack.add(
      (next) => (args) => {
        sent = args.request as SdkRequest;
        return next(args);
      },
      { step: 'deserialize', priority: 'low', name: 'noteRequest' },
    );
    await this.#client.send(command, options);
    if (sent) this.#pattern = await this.#learn(key, sent);
  }

  async #learn(key: string, request: SdkRequest): Promise<Pattern | undefined> {
    const { authorization = '', host = '', 'user-agent': userAgent = '' } = request.headers;
    const region = usualSignature.exec(authorization)?.[1];
    if (!region || !request.path.endsWith(key)) return undefined;
    return {
      // Not what was sent: that memory is used again.
      request: { ...request, body: undefined },
      pathBefore: request.path.slice(0, -key.length),
      headers: { host, 'user-agent': userAgent },
      signer: await this.#client.config.signer({
        name: 'sigv4',
        signingName: 's3',
        signingRegion: region,
        properties: {},
      }),
    };
  }
}
