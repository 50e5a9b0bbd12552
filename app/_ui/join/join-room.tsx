'use client';

import { Room, RoomEvent, type VideoCodec } from 'livekit-client';
import { LogIn, LogOut, Mic, MicOff, Video, VideoOff } from 'lucide-react';
import Link from 'next/link';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import { ApiProblem, callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../controls/button.tsx';
import { Field, Input, Select } from '../controls/field.tsx';
import { Notice } from '../controls/notice.tsx';
import { AnyText } from '../text/any-text.tsx';
import { formatCodec } from '../text/format.ts';
import { type LocalMedia, openLocalMedia } from './local-media.ts';

interface JoinRoomProps {
  room: string;
  identity: string;
}

interface Presence {
  room: Room;
  media: LocalMedia;
  name: string;
  identity: string;
}

const codecs: readonly VideoCodec[] = ['vp8', 'h264', 'vp9', 'av1'];

export function JoinRoom({ room, identity }: JoinRoomProps) {
  const [presence, setPresence] = useState<Presence | null>(null);

  const join = useAction(async (form: FormData) => {
    const name = String(form.get('room'));
    const who = String(form.get('identity'));
    const access = await callApi<{ url: string; token: string }>(
      'POST',
      `/api/v1/rooms/${encodeURIComponent(name)}/join-token`,
      { identity: who },
    );
    const joined = await enterRoom(access, String(form.get('codec')) as VideoCodec);
    joined.room.once(RoomEvent.Disconnected, () => {
      joined.media.stop();
      setPresence(null);
    });
    setPresence({ ...joined, name, identity: who });
  });

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    join.run(new FormData(event.currentTarget));
  };

  if (presence !== null) return <InRoom presence={presence} />;
  return (
    <form onSubmit={submit} className="max-w-md space-y-4 rounded-xl border border-line bg-surface p-5">
      <Field label="Room">
        {(control) => (
          <Input {...control} name="room" required maxLength={4096} defaultValue={room} autoComplete="off" />
        )}
      </Field>
      <Field label="Your identity" hint="The name you are recorded under.">
        {(control) => (
          <Input {...control} name="identity" required maxLength={4096} defaultValue={identity} autoComplete="off" />
        )}
      </Field>
      <Field label="Video codec" hint="What your browser sends is what is stored.">
        {(control) => (
          <Select {...control} name="codec" defaultValue="vp8">
            {codecs.map((codec) => (
              <option key={codec} value={codec}>
                {formatCodec(codec)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Button type="submit" look="primary" pending={join.pending} icon={<LogIn aria-hidden />}>
        Join
      </Button>
    </form>
  );
}

async function enterRoom(access: { url: string; token: string }, videoCodec: VideoCodec) {
  const media = await openLocalMedia();
  const room = new Room({ publishDefaults: { videoCodec, simulcast: true } });
  try {
    await room.connect(access.url, access.token, { autoSubscribe: false });
    for (const track of media.tracks) await room.localParticipant.publishTrack(track);
  } catch (error) {
    media.stop();
    await room.disconnect();
    console.error(error);
    throw new ApiProblem({
      type: 'about:blank',
      title: 'Not joined',
      status: 0,
      detail: 'The browser could not join the room. Check that it can reach LiveKit, and try another codec.',
    });
  }
  return { room, media };
}

function InRoom({ presence }: { presence: Presence }) {
  const { room, media } = presence;
  const video = useRef<HTMLVideoElement>(null);
  const [muted, setMuted] = useState({ video: false, audio: false });

  useEffect(() => {
    const camera = media.tracks.find((track) => track.kind === 'video');
    const element = video.current;
    if (camera === undefined || element === null) return;
    camera.attach(element);
    return () => {
      camera.detach(element);
    };
  }, [media]);

  // Leaving the page leaves the room.
  useEffect(() => () => void room.disconnect(), [room]);

  const toggle = async (kind: 'video' | 'audio') => {
    const track = media.tracks.find((candidate) => candidate.kind === kind);
    if (track === undefined) return;
    try {
      await (muted[kind] ? track.unmute() : track.mute());
      setMuted((before) => ({ ...before, [kind]: !before[kind] }));
    } catch {
      toast.error(`The browser did not give the ${kind === 'video' ? 'camera' : 'microphone'} back.`);
    }
  };

  return (
    <div className="max-w-3xl space-y-4">
      {media.synthetic && (
        <Notice tone="info" title="There is no camera here, or it may not be used">
          A drawn picture and a tone are sent instead.
        </Notice>
      )}
      <div className="relative overflow-hidden rounded-xl bg-black">
        <video
          ref={video}
          muted
          autoPlay
          playsInline
          aria-label="Your own picture"
          className="aspect-video w-full object-contain"
        />
        <p className="absolute bottom-3 left-3 flex max-w-[calc(100%-1.5rem)] items-center gap-2 rounded-lg bg-black/65 px-2.5 py-1 text-white">
          <AnyText text={presence.identity} className="font-medium" />
          <span className="text-white/70">in</span>
          <AnyText text={presence.name} />
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button
          aria-pressed={muted.audio}
          onClick={() => void toggle('audio')}
          icon={muted.audio ? <MicOff aria-hidden /> : <Mic aria-hidden />}
        >
          {muted.audio ? 'Unmute' : 'Mute'}
        </Button>
        <Button
          aria-pressed={muted.video}
          onClick={() => void toggle('video')}
          icon={muted.video ? <VideoOff aria-hidden /> : <Video aria-hidden />}
        >
          {muted.video ? 'Start camera' : 'Stop camera'}
        </Button>
        <Button look="danger" icon={<LogOut aria-hidden />} onClick={() => void room.disconnect()}>
          Leave
        </Button>
      </div>
      <p className="text-ink-muted">
        Keep this page open, and{' '}
        <Link href="/" target="_blank" className="text-accent underline underline-offset-4">
          open the overview
        </Link>{' '}
        in another tab to record yourself.
      </p>
    </div>
  );
}
