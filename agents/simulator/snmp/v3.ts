import { type AnswerOptions, ErrorStatus } from './answer.ts';
import { BerError, BerReader, sequence, Tag } from './ber.ts';
import { encodeOid } from './oid.ts';
import type { Output } from './output.ts';
import { Pdu, type Request, readRequest } from './request.ts';
import { type OidStore, varBind } from './store.ts';
import { readV3, type Usm, type UsmStat, usmStats, type V3Message } from './usm.ts';
import { counter32, integer, octets } from './value.ts';

/** Bytes of headers around a PDU of SNMPv3 without the varying parts (engine id, user, digest, context name). */
const fixedOverhead = 110;

/** What answering needs of the responder. */
export interface V3Answering {
  readonly usm: Usm;
  readonly out: Output;
  readonly maxMessageSize: number;
  /** The view of a context name; undefined when there is none. */
  view(context: string): OidStore | undefined;
  /** Writes the Response PDU into `out`; with a status other than 0 only that. */
  respond(
    request: Request,
    store: OidStore,
    options: Pick<AnswerOptions, 'version1' | 'maxPdu'>,
    status: number,
    user: string,
  ): void;
}

/** Answers an SNMPv3 message behind its version (RFC 3412 section 7.2); null for silence. @throws BerError on garbage. */
export function answerV3(reader: BerReader, answering: V3Answering): Uint8Array | null {
  const message = readV3(reader);
  if (!reader.done) throw new BerError('more than one message');
  const opened = answering.usm.open(message);
  if ('report' in opened) return report(answering.usm, message, opened.level, opened.report);

  const scoped = new BerReader(opened.scoped);
  scoped.enter(Tag.sequence);
  const contextEngine = scoped.octets();
  const contextName = scoped.octets();
  const request = readRequest(scoped);
  if (!scoped.done) throw new BerError('more behind the PDU');
  if (contextEngine.length > 0 && Buffer.compare(contextEngine, answering.usm.engineId) !== 0)
    throw new BerError('context of another engine');
  const store = answering.view(Buffer.from(contextName).toString('utf8'));
  if (store === undefined) {
    answering.usm.counts.unknownContexts++;
    return report(answering.usm, message, opened.level, 'unknownContexts', request.requestId);
  }
  const enough = opened.level >= answering.usm.requiredLevel(message.user);
  const maxPdu =
    Math.min(answering.maxMessageSize, message.maxSize) -
    fixedOverhead -
    2 * answering.usm.engineId.length -
    Buffer.byteLength(message.user) -
    message.mac.length -
    contextName.length;
  answering.respond(
    request,
    store,
    { version1: false, maxPdu },
    enough ? ErrorStatus.noError : ErrorStatus.authorizationError,
    message.user,
  );
  const { out } = answering;
  out.prependOctets(contextName);
  out.prependOctets(answering.usm.engineId);
  out.wrap(Tag.sequence);
  return answering.usm.seal(message, opened.level, out.message());
}

function report(
  usm: Usm,
  message: V3Message,
  level: 0 | 1 | 2,
  stat: UsmStat,
  requestId = plainRequestId(message),
): Uint8Array | null {
  if (!message.reportable) return null;
  const pdu = sequence(
    [
      integer(requestId),
      integer(0),
      integer(0),
      sequence([varBind(encodeOid(usmStats[stat]), counter32(usm.counts[stat]))]),
    ],
    Pdu.report,
  );
  return usm.seal(message, level, sequence([octets(usm.engineId), octets(''), pdu]));
}

/** The request id of a message that is not encrypted; 0 where it cannot be read (RFC 3412 section 7.1). */
function plainRequestId(message: V3Message): number {
  if (message.level === 2) return 0;
  try {
    const reader = new BerReader(message.data);
    reader.enter(Tag.sequence);
    reader.skip();
    reader.skip();
    return readRequest(reader).requestId;
  } catch (error) {
    if (error instanceof BerError) return 0;
    throw error;
  }
}
