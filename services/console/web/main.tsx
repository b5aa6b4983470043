// Chapter 6, watch, act: the officers' console begins here.
import { createRoot } from 'react-dom/client';
import { ConsoleApp } from './app/console-app.tsx';

createRoot(document.getElementById('console')!).render(<ConsoleApp />);
