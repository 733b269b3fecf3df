using System.Text;
using Strowger.Engine;

namespace Strowger.Features.Messaging.Limits;

/// <summary>What a text counts against under a channel's limits: its sender as the carrier sees it, digits without '+', names in any case.</summary>
public static class SenderKey
{
    /// <summary>Empty for a text without a sender.</summary>
    public static string Of(Sender sender)
    {
        Span<byte> latin1 = stackalloc byte[Sender.MaxLength];
        var text = Encoding.Latin1.GetString(latin1[..sender.CopyTo(latin1)]);
        return sender.Kind == SenderKind.Alphanumeric ? text.ToUpperInvariant() : text;
    }

    /// <summary>The key of a text's body; empty when it cannot be read.</summary>
    public static string OfBody(ReadOnlySpan<byte> body) => MessageBodyReader.TryRead(body, out var message, out _) ? Of(message.From) : string.Empty;
}
