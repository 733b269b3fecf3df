namespace Strowger.Records.Messages;

/// <summary>A filter with the numbers one day's file uses for names.</summary>
internal readonly record struct DayQuery(MessageFilter Filter, long? Channel, long? Campaign)
{
    public bool UsesRuns => Filter.To is not null || !string.IsNullOrEmpty(Filter.Reference);

    public bool UsesStatusIndex => Filter.Status is { } status and not (MessageStatus.Sent or MessageStatus.Delivered) && status != 0;
}

/// <summary>What a search may still cost, over all days.</summary>
internal sealed class SearchBudget(int rows, CancellationToken ct)
{
    private int _left = rows;

    public bool Spent => _left <= 0;

    public void Take()
    {
        if ((--_left & 0x3ff) == 0)
        {
            ct.ThrowIfCancellationRequested();
        }
    }
}
