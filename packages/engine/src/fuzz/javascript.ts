import { type Implementation, javascriptImplementation, type JavascriptOptions } from '@plumbline/core'

/** The generated JavaScript, loaded as a module from its text: nothing is written. */
export const nodeJavascript = (options: JavascriptOptions = {}): Implementation =>
  javascriptImplementation(
    (text) =>
      import(/* @vite-ignore */ `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`) as Promise<
        Readonly<Record<string, unknown>>
      >,
    options,
  )
