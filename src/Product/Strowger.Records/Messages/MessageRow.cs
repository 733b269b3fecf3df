namespace Strowger.Records.Messages;

/// <summary>What one or several events of a message change in its row. Times are Unix milliseconds.</summary>
public struct MessageRow
{
    /// <summary>Greater than 0 and growing in order of acceptance.</summary>
    public long Id { get; set; }

    /// <summary>A message just accepted: every field counts. Otherwise a change: what is 0 or null stays as it is.</summary>
    public bool Created { get; set; }

    /// <summary>0 in a change: stays.</summary>
    public MessageStatus Status { get; set; }

    /// <summary>Parts; 0 in a change: stays.</summary>
    public int Parts { get; set; }

    /// <summary>E.164 digits as a number. Only when created.</summary>
    public ulong To { get; set; }

    /// <summary>Only when created.</summary>
    public string? From { get; set; }

    /// <summary>Null in a change: stays.</summary>
    public string? Channel { get; set; }

    /// <summary>Only when created.</summary>
    public string? Campaign { get; set; }

    /// <summary>The customer's own id. Only when created.</summary>
    public string? Reference { get; set; }

    /// <summary>Only when created; its UTC day names the file.</summary>
    public long AcceptedMs { get; set; }

    /// <summary>Time of the event.</summary>
    public long UpdatedMs { get; set; }

    /// <summary>When the carrier took it; 0 in a change: stays.</summary>
    public long SentMs { get; set; }

    /// <summary>When its status became final; 0 in a change: stays, -1: no longer final.</summary>
    public long FinalMs { get; set; }

    /// <summary>The carrier's or our own code; 0 in a change: stays, -1: cleared.</summary>
    public int Error { get; set; }

    /// <summary>Takes over a later change of the same message.</summary>
    internal void Merge(in MessageRow later)
    {
        Status = later.Status == 0 ? Status : later.Status;
        Parts = later.Parts == 0 ? Parts : later.Parts;
        Channel = later.Channel ?? Channel;
        UpdatedMs = later.UpdatedMs == 0 ? UpdatedMs : later.UpdatedMs;
        SentMs = later.SentMs == 0 ? SentMs : later.SentMs;
        FinalMs = later.FinalMs == 0 ? FinalMs : later.FinalMs;
        Error = later.Error == 0 ? Error : later.Error;
    }
}
