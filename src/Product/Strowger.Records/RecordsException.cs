namespace Strowger.Records;

/// <summary>A database cannot be used: missing library, newer version, damage, full disk. The message says what to do.</summary>
public sealed class RecordsException : Exception
{
    public RecordsException(string message) : base(message) { }

    public RecordsException(string message, Exception inner) : base(message, inner) { }
}
