import { render } from 'preact';
import { App } from './app.tsx';
import { consoleStore } from './store.ts';
import { startTheme } from './theme.ts';

startTheme();
render(<App store={consoleStore()} />, document.getElementById('console') as HTMLElement);
