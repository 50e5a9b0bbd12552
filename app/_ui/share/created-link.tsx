import type { CreatedShare } from '../../_control/api.ts';
import { Button } from '../controls/button.tsx';
import { CopyButton } from '../controls/copy-button.tsx';
import { Input } from '../controls/field.tsx';

interface CreatedLinkProps {
  share: CreatedShare;
  /** Another link is wanted. */
  onAnother(): void;
}

/** The only time the address is known: the server keeps its hash. */
export function CreatedLink({ share, onAnother }: CreatedLinkProps) {
  return (
    <div className="rounded-xl border border-good/30 bg-good-tint p-3">
      <div className="flex gap-2">
        <Input
          readOnly
          aria-label="Share link"
          value={share.url}
          // Made a moment ago by a press of a button that is not there any more.
          autoFocus
          onFocus={(event) => event.currentTarget.select()}
          className="min-w-0 flex-1 font-mono text-xs!"
        />
        <CopyButton text={share.url}>Copy link</CopyButton>
      </div>
      {share.embedSites.length > 0 && (
        <div className="mt-3 flex gap-2">
          <Input
            readOnly
            aria-label="Code for embedding"
            value={embedCode(share.url)}
            onFocus={(event) => event.currentTarget.select()}
            className="min-w-0 flex-1 font-mono text-xs!"
          />
          <CopyButton text={embedCode(share.url)}>Copy code</CopyButton>
        </div>
      )}
      <div className="mt-2 flex flex-wrap items-center justify-between gap-2">
        <p role="status" className="text-xs text-good-ink">
          Copy it now: it is not shown again.
        </p>
        <Button size="small" onClick={onAnother}>
          Make another link
        </Button>
      </div>
    </div>
  );
}

function embedCode(url: string): string {
  return `<iframe src="${url}/embed" width="960" height="540" style="border:0" title="Recording" allow="autoplay; fullscreen; picture-in-picture" allowfullscreen loading="lazy"></iframe>`;
}
