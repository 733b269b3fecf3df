using Strowger.Engine;
using Strowger.Features.Messaging.Inbound;

namespace Strowger.Features.Tests.Messaging.Inbound;

public sealed class InboundAssemblerTests
{
    private readonly InboundAssembler _assembler = new();
    private readonly List<InboundItem> _finished = [];
    private long _position;

    [Fact]
    public void Parts_in_any_order_become_one_text_with_the_place_of_the_last()
    {
        Assert.True(_assembler.Add(Part(3, "c"), _finished));
        Assert.True(_assembler.Add(Part(1, "a"), _finished));
        Assert.Empty(_finished);
        Assert.Equal(8, _assembler.OldestRecord);
        Assert.True(_assembler.Add(Part(2, "b"), _finished));
        var whole = Assert.Single(_finished);
        Assert.Equal(("abc", 3, 0), (whole.Text.Text, whole.Text.Parts, whole.Text.Part));
        Assert.Equal(3, whole.Position.Value);
        Assert.Equal([2L, 3, 1], whole.JoinedFrom.Select(p => p.Value));
        Assert.Equal(long.MaxValue, _assembler.OldestRecord);
    }

    [Fact]
    public void Texts_of_others_and_other_references_are_kept_apart()
    {
        _assembler.Add(Part(1, "a"), _finished);
        _assembler.Add(Part(2, "x", reference: 2), _finished);
        _assembler.Add(Part(2, "y") with { Text = Text(2, "y", 1) with { From = "other" } }, _finished);
        _assembler.Add(Part(2, "z") with { Text = Text(2, "z", 1) with { Channel = "b" } }, _finished);
        Assert.Empty(_finished);
    }

    [Fact]
    public void A_part_delivered_twice_counts_once_and_another_text_under_the_same_reference_begins_anew()
    {
        _assembler.Add(Part(1, "a"), _finished);
        Assert.False(_assembler.Add(Part(1, "a"), _finished));
        Assert.Empty(_finished);
        Assert.True(_assembler.Add(Part(1, "A"), _finished));
        Assert.Equal("a", Assert.Single(_finished).Text.Text);
        _finished.Clear();
        _assembler.Add(Part(2, "B"), _finished);
        _assembler.Add(Part(3, "C"), _finished);
        Assert.Equal("ABC", Assert.Single(_finished).Text.Text);
    }

    [Fact]
    public void Parts_wait_ten_minutes_for_each_other()
    {
        _assembler.Add(Part(1, "a"), _finished);
        _assembler.Add(Part(2, "b", atMs: 600_000), _finished);
        _assembler.Expire(600_000, _finished);
        Assert.Empty(_finished);
        _assembler.Add(Part(3, "c", atMs: 600_001), _finished);
        Assert.Equal(["a", "b"], _finished.Select(i => i.Text.Text));
        _finished.Clear();
        _assembler.Expire(1_300_000, _finished);
        Assert.Equal("c", Assert.Single(_finished).Text.Text);
        Assert.Equal(long.MaxValue, _assembler.OldestRecord);
    }

    [Fact]
    public void Data_is_joined_and_a_mixture_stands_alone()
    {
        _assembler.Add(Part(1, "a") with { Text = Text(1, null, 1) with { Parts = 2, DataHex = "00" } }, _finished);
        _assembler.Add(Part(2, "b") with { Text = Text(2, null, 1) with { Parts = 2, DataHex = "ff" } }, _finished);
        Assert.Equal("00ff", Assert.Single(_finished).Text.DataHex);
        _finished.Clear();
        _assembler.Add(Part(1, "a") with { Text = Text(1, null, 1) with { Parts = 2, DataHex = "00" } }, _finished);
        _assembler.Add(Part(2, "b") with { Text = Text(2, "b", 1) with { Parts = 2 } }, _finished);
        Assert.Equal(2, _finished.Count);
        Assert.All(_finished, i => Assert.Empty(i.JoinedFrom));
    }

    [Fact]
    public void A_flood_of_parts_that_never_complete_takes_no_more_than_its_bound()
    {
        for (var i = 0; i < InboundLimits.MaxOpenParts + 100; i++)
        {
            _assembler.Add(Part(1, "a", reference: i), _finished);
        }

        Assert.Equal(100, _finished.Count);
        Assert.Equal(0, _finished[0].Text.Reference);
        var large = new string('x', 5000);
        for (var i = 0; i < 4000; i++)
        {
            _assembler.Add(Part(1, large, reference: 100_000 + i), _finished);
        }

        Assert.True(_finished.Count > InboundLimits.MaxOpenParts);
    }

    [Fact]
    public void A_text_too_long_for_an_event_is_kept_in_parts_and_joined()
    {
        var text = string.Concat(Enumerable.Repeat("x\U0001F600", 6000));
        var whole = new InboundText("a", "1", "2", text, null, 8);
        Assert.True(InboundPieces.IsTooLong(whole));
        foreach (var piece in InboundPieces.Split(whole, 5))
        {
            var bytes = piece.ToBytes();
            Assert.True(bytes.Length <= EngineLimits.MaxEntryDataBytes);
            _assembler.Add(new InboundItem(new EventPosition(++_position), _position * 8, 0, InboundText.Parse(bytes)!), _finished);
        }

        Assert.Equal(text, Assert.Single(_finished).Text.Text);
        var worst = new InboundText("a", "1", "2", new string('\u0001', 5001), null, 8);
        Assert.All(InboundPieces.Split(worst, 0), piece => Assert.True(piece.ToBytes().Length <= EngineLimits.MaxEntryDataBytes));
    }

    private InboundItem Part(int part, string text, int reference = 1, long atMs = 0) =>
        new(new EventPosition(++_position), _position * 8, atMs, Text(part, text, reference));

    private static InboundText Text(int part, string? text, int reference) => new("a", "1", "2", text, null, 0, 3, part, reference);
}
