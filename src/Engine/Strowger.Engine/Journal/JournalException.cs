namespace Strowger.Engine.Journaling;

/// <summary>The journal cannot be opened or written; the message says what happened and what to do.</summary>
public class JournalException : Exception
{
    public JournalException()
    {
    }

    public JournalException(string message)
        : base(message)
    {
    }

    public JournalException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>An append was refused: no disk space (<see cref="JournalSpace.Stopped"/>) or too much not yet synced. Nothing was appended.</summary>
public sealed class JournalFullException : JournalException
{
    public JournalFullException()
    {
    }

    public JournalFullException(string message)
        : base(message)
    {
    }

    public JournalFullException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
