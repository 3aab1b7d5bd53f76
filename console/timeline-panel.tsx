import { Fragment } from 'preact';
import { duration } from './format.ts';
import { SIGNS } from './status.tsx';
import type { Known } from './store.ts';
import { type Lane, storyOf } from './story.ts';

const LANES: readonly { readonly lane: Lane; readonly title: string; readonly tells: string }[] = [
  { lane: 'workflow', title: 'Workflow', tells: 'orchestrated' },
  { lane: 'events', title: 'Events', tells: 'published' },
  { lane: 'listeners', title: 'Listeners', tells: 'choreographed' },
];

/** A name that may break before each of its words: OrderNeedsAttention. */
const Name = ({ of }: { of: string }) =>
  of.split(/(?<=[a-z])(?=[A-Z])/).map((word) => (
    <Fragment key={word}>
      <wbr />
      {word}
    </Fragment>
  ));

/** The order's story in three lanes: where the workflow ends, the listeners begin. */
export const TimelinePanel = ({ known: { timeline, timelineNote, definition } }: { known: Known }) => (
  <section class="panel timeline" aria-labelledby="timeline-title">
    <h2 id="timeline-title">Timeline</h2>
    <div class="lanes" aria-hidden="true">
      <span />
      {LANES.map(({ lane, title, tells }) => (
        <span key={lane} class={`lane-title lane-${lane}`}>
          <b>{title}</b> <small>{tells}</small>
        </span>
      ))}
    </div>
    {timelineNote && <p class="empty">{timelineNote}</p>}
    {timeline.length === 0 && <p class="empty">Nothing has happened yet.</p>}
    <ol class="story">
      {storyOf(timeline, definition).map(({ key, at, afterMs, lane, tone, title, facts }) => (
        <li key={key} class={`story-line tone-${tone}`} data-lane={lane} data-name={title}>
          <time dateTime={at} title={at}>
            +{duration(afterMs)}
          </time>
          <div class={`story-card lane-${lane}`}>
            <span class="story-sign" aria-hidden="true">
              {SIGNS[tone]}
            </span>
            <span class="unseen">{LANES.find((each) => each.lane === lane)?.title}: </span>
            <div>
              <strong>
                <Name of={title} />
              </strong>
              {facts && <small>{facts}</small>}
            </div>
          </div>
        </li>
      ))}
    </ol>
  </section>
);
