using System.Text;

namespace Strowger.Features.Messaging.SmppDoor;

/// <summary>
/// A text's id as SMPP carries it: that of the API without <c>msg_</c>. An underscore is another character in the GSM alphabet, in which
/// clients read the text of a receipt.
/// </summary>
internal static class DoorId
{
    private const string ApiPrefix = "msg_";

    /// <summary>Octets, of 64 that SMPP allows.</summary>
    public static int Length => PublicId.LengthOf(string.Empty);

    /// <summary>Writes <see cref="Length"/> octets.</summary>
    public static void Write(MessageId id, Span<byte> to)
    {
        Span<char> text = stackalloc char[Length];
        PublicId.Write(text, string.Empty, id.Job.Value);
        Encoding.ASCII.GetBytes(text, to);
    }

    /// <summary>Reads it, with or without the prefix.</summary>
    public static bool TryParse(string text, out MessageId id)
    {
        var isOne = PublicId.TryParse(text.StartsWith(ApiPrefix, StringComparison.Ordinal) ? ApiPrefix : string.Empty, text, out var number);
        id = new MessageId(new Strowger.Engine.JobId(number));
        return isOne;
    }
}
