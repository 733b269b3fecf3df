namespace Strowger.Smpp;

/// <summary>TLS with the other side failed; the message says why, for a person.</summary>
internal sealed class TlsException(string message) : Exception(message);
