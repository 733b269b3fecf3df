namespace Strowger.Load.Fuzzing;

/// <summary>Every reader of octets that others have written.</summary>
internal static class FuzzTargets
{
    /// <summary>New ones: a target is used by one thread.</summary>
    public static IReadOnlyList<FuzzTarget> All() => [new SmppFuzz(), new TextFuzz(), new EncoderFuzz(), new ReceiptFuzz(), new JournalFuzz(), new EventFuzz(), new JsonFuzz(), new BatchFuzz(), new BodyFuzz()];
}
