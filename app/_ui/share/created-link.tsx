import type { CreatedShare } from '../../_control/api.ts';
import { CopyButton } from '../controls/copy-button.tsx';
import { Input } from '../controls/field.tsx';

/** The only time the address is known: the server keeps its hash. */
export function CreatedLink({ share }: { share: CreatedShare }) {
  return (
    <div className="mt-5 rounded-xl border border-good/30 bg-good-tint p-3">
      <div className="flex gap-2">
        <Input
          readOnly
          aria-label="Share link"
          value={share.url}
          onFocus={(event) => event.currentTarget.select()}
          className="min-w-0 flex-1 font-mono text-xs!"
        />
        <CopyButton text={share.url}>Copy link</CopyButton>
      </div>
      <p role="status" className="mt-2 text-xs text-good-ink">
        Copy it now: it is not shown again.
      </p>
    </div>
  );
}
