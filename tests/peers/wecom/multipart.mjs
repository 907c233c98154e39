// The one file in a multipart/form-data body (RFC 7578).
export function fileIn(contentType, body) {
  const boundary = /boundary=("?)([^";]+)\1/.exec(contentType ?? '')?.[2];
  if (!boundary) return null;
  const mark = Buffer.from(`--${boundary}`);
  const begin = body.indexOf(mark);
  const headEnd = body.indexOf('\r\n\r\n', begin);
  const end = body.indexOf(Buffer.concat([Buffer.from('\r\n'), mark]), headEnd);
  if (begin < 0 || headEnd < 0 || end < 0) return null;
  const head = body.subarray(begin, headEnd).toString();
  return {
    name: /filename="([^"]*)"/.exec(head)?.[1] ?? '',
    mediaType: /content-type: *([^\r\n]+)/i.exec(head)?.[1] ?? '',
    data: body.subarray(headEnd + 4, end),
  };
}
