import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ready, type Side } from './side.ts'

const CONFIG = (folder: string, server: string): string => `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 100000000;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  client_body_buffer_size 64k;
  ${server}
}
`

/** An nginx of one worker that gives the same answer to every request. */
export function startUpstream(folder: string, port: number, answer: string, metadata: string): Promise<Side> {
  const says = (text: string): string => `default_type application/json; return 200 '${text.replaceAll("'", '')}';`
  return start(
    folder,
    port,
    `server {
    listen 127.0.0.1:${port};
    location ~ /infer$ { ${says(answer)} }
    location ~ ^/v2/models/[^/]+(/versions/[^/]+)?$ { ${says(metadata)} }
    location ~ /ready$ { ${says('{"ready":true}')} }
    location / { ${says('{"live":true,"ready":true,"name":"upstream","version":"1","extensions":[]}')} }
  }`,
  )
}

/** The same as a proxy that does nothing but pass on. */
export function startProxy(folder: string, port: number, upstream: string): Promise<Side> {
  return start(
    folder,
    port,
    `upstream model { server ${new URL(upstream).host}; keepalive 64; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://model; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }`,
  )
}

async function start(folder: string, port: number, server: string): Promise<Side> {
  mkdirSync(folder, { recursive: true })
  const config = join(folder, 'nginx.conf')
  writeFileSync(config, CONFIG(folder, server))
  const child = spawn('nginx', ['-c', config, '-e', join(folder, 'error.log')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const url = `http://127.0.0.1:${port}`
  return ready(child, url)
}
