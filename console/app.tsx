import { useEffect, useState } from 'preact/hooks';
import { Announcer } from './announcer.tsx';
import { Header } from './header.tsx';
import { MailsPanel } from './mails-panel.tsx';
import { OperationsPanel } from './operations-panel.tsx';
import { OrderPanel } from './order-panel.tsx';
import { OrdersPanel } from './orders-panel.tsx';
import { PlacePanel } from './place-panel.tsx';
import type { Store } from './store.ts';
import { TimelinePanel } from './timeline-panel.tsx';
import { WorldsPanel } from './worlds-panel.tsx';

export const App = ({ store }: { store: Store }) => {
  const [known, setKnown] = useState(store.known());
  useEffect(() => store.watch(() => setKnown(store.known())), [store]);
  return (
    <>
      <a class="skip" href="#order">
        Skip to the order
      </a>
      <Header known={known} />
      <main class="board">
        <div class="side">
          <PlacePanel known={known} store={store} />
          <OrdersPanel known={known} store={store} />
        </div>
        <OrderPanel known={known} store={store} />
        <div class="middle">
          <TimelinePanel known={known} />
          <MailsPanel known={known} />
        </div>
        <aside class="aside" aria-label="Outside worlds and operations">
          <OperationsPanel known={known} store={store} />
          <WorldsPanel known={known} />
        </aside>
      </main>
      <Announcer known={known} />
    </>
  );
};
