using Strowger.Features.Messaging;
using Strowger.Records.Messages;

namespace Strowger.Server.ConsolePage;

/// <summary>What is looked for, as the address of the page says it.</summary>
public sealed record MessageQuery
{
    public required MessageFilter Filter { get; init; }

    /// <summary>As typed.</summary>
    public string? Text { get; init; }

    /// <summary>It was a message's id.</summary>
    public MessageId? Id { get; init; }

    /// <summary>What to look for when there is nothing: numbers that end so.</summary>
    public MessageQuery? Wider { get; init; }

    /// <summary>Nothing but a status or a channel is asked for: counts are exact.</summary>
    public bool IsAll => Text is null && Filter.Campaign is null && Filter.Before == long.MaxValue;

    internal static MessageQuery Read(Visit visit)
    {
        var text = visit.Query("q");
        var filter = new MessageFilter
        {
            Status = visit.Query("status") is { } word && MessageStatusText.TryParse(word, out var status) ? status : null,
            Channel = visit.Query("channel"),
            Campaign = visit.Query("campaign"),
            Limit = ConsoleLimits.PageRows,
            Before = MessageId.TryParse(visit.Query("cursor"), out var cursor) ? cursor.Job.Value : long.MaxValue,
        };
        if (text is null)
        {
            return new MessageQuery { Filter = filter };
        }

        if (MessageId.TryParse(text, out var id))
        {
            return new MessageQuery { Filter = filter, Text = text, Id = id };
        }

        if (!NumberInput.IsNumber(text))
        {
            return new MessageQuery { Filter = filter with { Reference = text }, Text = text };
        }

        var ending = NumberInput.Suffix(text) is { } suffix
            ? new MessageQuery { Filter = filter with { ToEnding = new NumberEnding(suffix.Value, suffix.Digits) }, Text = text } : null;

        // A reference of digits only is looked for last.
        ending = ending is null ? null : ending with { Wider = new MessageQuery { Filter = filter with { Reference = text }, Text = text } };
        return NumberInput.Whole(text) is { } number
            ? new MessageQuery { Filter = filter with { To = number.Value }, Text = text, Wider = ending }
            : ending ?? new MessageQuery { Filter = filter with { Reference = text }, Text = text };
    }

    /// <summary>The address of the same search with another page or status.</summary>
    public string Path(long? before = null)
    {
        var parts = new List<string>();
        Add("q", Text);
        Add("status", Filter.Status?.ToText());
        Add("channel", Filter.Channel);
        Add("campaign", Filter.Campaign);
        Add("cursor", before is { } id ? new MessageId(new(id)).ToString() : null);
        return "/messages" + (parts.Count == 0 ? "" : "?" + string.Join('&', parts));

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                parts.Add(name + "=" + Uri.EscapeDataString(value));
            }
        }
    }
}
