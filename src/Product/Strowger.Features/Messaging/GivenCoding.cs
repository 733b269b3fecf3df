using Strowger.Smpp.Text;

namespace Strowger.Features.Messaging;

/// <summary>How a message is coded, from a caller who has coded it himself.</summary>
/// <param name="Encoding">Of a text: it is divided in this one.</param>
/// <param name="DataCoding">Goes to the carrier as it is.</param>
/// <param name="EsmClass">Likewise; 0 when there is nothing to say.</param>
/// <param name="ProtocolId">Likewise.</param>
/// <param name="IsWhole">Octets that are sent on in one piece, their header with them.</param>
public readonly record struct GivenCoding(TextEncoding Encoding, byte DataCoding, byte EsmClass, byte ProtocolId, bool IsWhole);
