using Strowger.Engine;

namespace Strowger.Features.Messaging;

/// <summary>A message's id as its users see it: <c>msg_</c> and the number of its first part (<see cref="PublicId"/>), so that ids sort by acceptance.</summary>
public readonly record struct MessageId(JobId Job)
{
    private const string Prefix = "msg_";

    public static bool TryParse(ReadOnlySpan<char> text, out MessageId id)
    {
        var isOne = PublicId.TryParse(Prefix, text, out var number);
        id = new MessageId(new JobId(number));
        return isOne;
    }

    public void Write(Span<char> to) => PublicId.Write(to, Prefix, Job.Value);

    public override string ToString() => PublicId.ToText(Prefix, Job.Value);
}
