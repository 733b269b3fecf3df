namespace Strowger.Smpp;

/// <summary>The first octets of TLS (RFC 8446, 5.1), by which one that came to the wrong port is told so.</summary>
internal static class TlsRecord
{
    private const byte Alert = 21;
    private const byte Handshake = 22;
    private const byte MajorVersion = 3;

    /// <summary>The largest plaintext of one record (RFC 8446, 5.1): what is written at once leaves in one record, which a peer has whole or not at all.</summary>
    public const int MaxPlaintext = 16 * 1024;

    /// <summary>True of a ClientHello; no PDU begins so, for its length would be 369 MB.</summary>
    public static bool IsHandshake(ReadOnlySpan<byte> octets) => octets is [Handshake, MajorVersion, ..] or [Handshake];

    /// <summary>True of an alert or a handshake message, which is what a TLS server says to an SMPP bind.</summary>
    public static bool IsAnswer(ReadOnlySpan<byte> octets) => octets is [Alert or Handshake, MajorVersion, ..];
}
