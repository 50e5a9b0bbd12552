'use client';

import { ChevronDown, LogIn, UserPlus } from 'lucide-react';
import { toast } from 'sonner';
import { callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { Button, ButtonLink } from '../controls/button.tsx';
import { Popover, PopoverItem } from '../controls/popover.tsx';
import { formatCodec } from '../text/format.ts';

const codecs = ['vp8', 'h264', 'vp9', 'av1'] as const;

/** Ways to get a participant when nobody is there; only where the LiveKit server is ours. */
export function DemoActions() {
  const add = useAction(async (codec?: (typeof codecs)[number]) => {
    await callApi('POST', '/api/v1/demo-participants', codec === undefined ? {} : { codec });
    toast.success('A demo participant is on its way');
  });
  return (
    <>
      <ButtonLink href="/join" icon={<LogIn aria-hidden />}>
        Join from this browser
      </ButtonLink>
      <div className="flex">
        <Button
          look="primary"
          className="rounded-r-none"
          pending={add.pending}
          icon={<UserPlus aria-hidden />}
          onClick={() => add.run()}
        >
          Add a demo participant
        </Button>
        <Popover
          label="Its codec"
          trigger={{
            look: 'primary',
            className: 'rounded-l-none border-l-canvas/25 px-2',
            'aria-label': 'Choose its codec',
            disabled: add.pending,
            icon: <ChevronDown aria-hidden />,
          }}
        >
          {(close) =>
            codecs.map((codec) => (
              <PopoverItem
                key={codec}
                onClick={() => {
                  close();
                  add.run(codec);
                }}
              >
                Publish {formatCodec(codec)}
              </PopoverItem>
            ))
          }
        </Popover>
      </div>
    </>
  );
}
