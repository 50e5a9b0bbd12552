/** LiveKit's server API, as far as it is needed, with failures in words. */
import { type ParticipantInfo, type Room, RoomServiceClient } from 'livekit-server-sdk';
import { ProblemError } from '../problem-error.ts';

/** A person waits for the answer; one machine or one region answers in milliseconds. */
const REQUEST_TIMEOUT_SECONDS = 4;

export interface LiveKitAccess {
  apiUrl: string;
  apiKey: string;
  apiSecret: string;
}

export class LiveKitApi {
  readonly #rooms: RoomServiceClient;
  readonly #host: string;

  constructor(access: LiveKitAccess) {
    this.#rooms = new RoomServiceClient(access.apiUrl, access.apiKey, access.apiSecret, {
      requestTimeout: REQUEST_TIMEOUT_SECONDS,
    });
    this.#host = new URL(access.apiUrl).host;
  }

  listRooms(names?: string[]): Promise<Room[]> {
    return this.#call(() => this.#rooms.listRooms(names));
  }

  /** Empty when there is no such room. */
  async listParticipants(room: string): Promise<ParticipantInfo[]> {
    return (await this.#orNothing(() => this.#rooms.listParticipants(room))) ?? [];
  }

  /** The participant, or nothing when it or its room is not there. */
  findParticipant(room: string, identity: string): Promise<ParticipantInfo | undefined> {
    return this.#orNothing(() => this.#rooms.getParticipant(room, identity));
  }

  async hasRoom(room: string): Promise<boolean> {
    return (await this.listRooms([room])).length > 0;
  }

  #orNothing<Answer>(request: () => Promise<Answer>): Promise<Answer | undefined> {
    return this.#call(async () => {
      try {
        return await request();
      } catch (error) {
        if (codeOf(error) === 'not_found') return undefined;
        throw error;
      }
    });
  }

  async #call<Answer>(request: () => Promise<Answer>): Promise<Answer> {
    try {
      return await request();
    } catch (cause) {
      throw new ProblemError('livekit-unreachable', this.#sentence(cause), {}, { cause });
    }
  }

  #sentence(error: unknown): string {
    const code = codeOf(error);
    if (code === 'unauthenticated' || code === 'permission_denied') {
      return `LiveKit at ${this.#host} refused the API key: check LIVEKIT_API_KEY and LIVEKIT_API_SECRET.`;
    }
    if (code !== undefined) return `LiveKit at ${this.#host} could not answer (${code}). Try again in a moment.`;
    return `LiveKit at ${this.#host} cannot be reached: check that it runs and that LIVEKIT_URL is right.`;
  }
}

/** The error code of LiveKit's answer; undefined when there was no answer. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.status === 401 ? 'unauthenticated' : error.status === 404 ? 'not_found' : `status ${error.status}`;
}
