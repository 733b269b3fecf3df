using System.Text;
using Strowger.Smpp.Receipts;

namespace Strowger.Smpp.Tests.Receipts;

public sealed class DeliveryReceiptTests
{
    private const string Standard =
        "id:0123456789 sub:001 dlvrd:001 submit date:2403151030 done date:2403151031 stat:DELIVRD err:000 text:Your code is 1234 id";

    [Fact]
    public void Standard_form_is_read()
    {
        var r = Parse(Standard);
        Assert.Equal("0123456789", Text(r.MessageId));
        Assert.Equal(ReceiptState.Delivered, r.State);
        Assert.Equal("000", Text(r.Error));
        Assert.Equal(new DateTime(2024, 3, 15, 10, 30, 0), r.SubmitDate);
        Assert.Equal(new DateTime(2024, 3, 15, 10, 31, 0), r.DoneDate);
        Assert.Equal((1, 1), (r.Submitted, r.Delivered));
        Assert.Equal("Your code is 1234 id", Text(r.Text));
        Assert.Equal((-1, -1), (r.NetworkType, r.NetworkError));
        Assert.True(r.OtherMessageId.IsEmpty);
    }

    [Theory]
    [InlineData("id:f81d4fae-7dec-11d0 sub:1 dlvrd:1 submitdate:240315103001 donedate:240315103102 stat:delivrd err:00A1 Text:x", "f81d4fae-7dec-11d0", ReceiptState.Delivered, "00A1", true)]
    [InlineData("id:1 stat:UNDELIV err:1", "1", ReceiptState.Undeliverable, "1", false)]
    [InlineData("id: 77 sub: 001 dlvrd: 000 submit date: 2403151030 done date: 2403151031 stat: EXPIRED err: 27 text:", "77", ReceiptState.Expired, "27", true)]
    [InlineData("id:9 submit date:0000000000 done date:000000000000 stat:REJECTD err:", "9", ReceiptState.Rejected, "", false)]
    [InlineData("ID:AB SUB:001 DLVRD:000 SUBMIT DATE:2403151030 DONE DATE:20240315103100 STAT:ENROUTE ERR:000", "AB", ReceiptState.EnRoute, "000", true)]
    [InlineData("id:5 stat:BUFFRED err:000 text:x", "5", ReceiptState.Buffered, "000", false)]
    [InlineData("id:5 stat:NACK/0x0000000B/Inv", "5", ReceiptState.Nack, "", false)]
    [InlineData("id:5 stat:FAILED", "5", ReceiptState.Failed, "", false)]
    [InlineData("id:5 stat:ACCEPTD", "5", ReceiptState.Accepted, "", false)]
    [InlineData("id:5 stat:DELETED", "5", ReceiptState.Deleted, "", false)]
    [InlineData("id:5 stat:UNKNOWN", "5", ReceiptState.Unknown, "", false)]
    [InlineData("id:5 stat:WHATEVER", "5", ReceiptState.Unrecognised, "", false)]
    [InlineData("stat:DELIVRD err:0 id:12", "12", ReceiptState.Delivered, "0", false)]
    [InlineData("id:3 text:hello stat:DELIVRD err:7 mccmnc:24001", "3", ReceiptState.Delivered, "7", false)]
    [InlineData("id:3 stat:UNDELIV text:stat:DELIVRD id:4", "3", ReceiptState.Undeliverable, "", false)]
    [InlineData("id: stat:DELIVRD", "", ReceiptState.Delivered, "", false)]
    [InlineData("paid:3 id:4 stat:DELIVRD", "4", ReceiptState.Delivered, "", false)]
    public void Deviations_are_read(string text, string id, ReceiptState state, string error, bool dated)
    {
        var r = Parse(text);
        Assert.Equal((id, state, error, dated), (Text(r.MessageId), r.State, Text(r.Error), r.DoneDate is not null));
    }

    [Fact]
    public void Tlvs_come_first_and_are_enough()
    {
        Assert.True(DeliveryReceipt.TryParse(0x04, [], "1A2B\0"u8, 2, [3, 0x01, 0x02], out var r));
        Assert.Equal(("1A2B", ReceiptState.Delivered, 3, 0x0102), (Text(r.MessageId), r.State, r.NetworkType, r.NetworkError));
        Assert.True(DeliveryReceipt.TryParse(0x04, "id:6699 stat:ENROUTE"u8, "1A2B"u8, 5, [], out r));
        Assert.Equal(("1A2B", "6699", ReceiptState.Undeliverable), (Text(r.MessageId), Text(r.OtherMessageId), r.State));
        Assert.True(DeliveryReceipt.TryParse(0x00, [], "1"u8, 2, [], out _));
        Assert.True(DeliveryReceipt.TryParse(0x04, "id:1 stat:UNDELIV"u8, [], 77, [1], out r));
        Assert.Equal(ReceiptState.Undeliverable, r.State);
        Assert.True(DeliveryReceipt.TryParse(0x20, "id:1 stat:ENROUTE"u8, [], null, [], out r));
        Assert.True(r.Intermediate);
    }

    [Fact]
    public void An_ordinary_text_is_no_receipt()
    {
        Assert.False(DeliveryReceipt.TryParse(0x00, Encoding.ASCII.GetBytes(Standard), [], null, [], out _));
        Assert.False(DeliveryReceipt.TryParse(0x40, Encoding.ASCII.GetBytes(Standard), [], null, [], out _));
        Assert.False(DeliveryReceipt.TryParse(0x04, "see you at 8"u8, [], null, [], out _));
        Assert.False(DeliveryReceipt.TryParse(0x04, [], [], null, [], out _));
    }

    [Fact]
    public void A_header_before_the_text_is_passed_over()
    {
        byte[] withHeader = [5, 0, 3, 1, 1, 1, .. "id:42 stat:DELIVRD"u8];
        Assert.True(DeliveryReceipt.TryParse(0x44, withHeader, [], null, [], out var r));
        Assert.Equal("42", Text(r.MessageId));
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        var text = Encoding.ASCII.GetBytes(Standard);
        var before = 0L;
        for (var i = 0; i < 100; i++)
        {
            DeliveryReceipt.TryParse(0x04, text, [], null, [], out _);
            before = i == 0 ? GC.GetAllocatedBytesForCurrentThread() : before;
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void What_the_writer_writes_in_any_quirk_is_read()
    {
        var buffer = new byte[ReceiptWriter.MaxLength];
        var done = new DateTime(2025, 12, 31, 23, 59, 58);
        var states = Enum.GetValues<ReceiptState>();
        for (var quirks = 0; quirks < 512; quirks++)
        {
            var q = (ReceiptQuirks)quirks;
            var state = states[quirks % states.Length];
            var fields = new ReceiptFields { MessageId = "00AF-3"u8, State = state, Error = "12"u8, SubmitDate = done.AddMinutes(-5), DoneDate = done, Text = "Hello stat:x and more than twenty"u8 };
            var n = ReceiptWriter.Write(fields, q, buffer);
            var tlvOnly = (q & ReceiptQuirks.TlvOnly) != 0;
            Assert.True(DeliveryReceipt.TryParse(0x04, buffer.AsSpan(0, n), tlvOnly ? "00AF-3"u8 : [], null, [], out var r));
            Assert.Equal("00AF-3", Text(r.MessageId));
            if (!tlvOnly)
            {
                Assert.Equal(state == ReceiptState.Unrecognised ? ReceiptState.Unknown : state, r.State);
                Assert.Equal((q & ReceiptQuirks.ZeroDates) != 0 ? null : (q & ReceiptQuirks.Seconds) != 0 ? done : done.AddSeconds(-58), r.DoneDate);
                Assert.Equal("12", Text(r.Error));
            }
        }
    }

    [Fact]
    public void Mutated_receipts_never_fail()
    {
        var random = new Random(7);
        var source = Encoding.ASCII.GetBytes(Standard);
        var buffer = new byte[source.Length];
        for (var i = 0; i < 200_000; i++)
        {
            source.CopyTo(buffer, 0);
            for (var j = random.Next(0, 8); j > 0; j--)
            {
                buffer[random.Next(buffer.Length)] = (byte)random.Next(i % 2 == 0 ? 128 : 256);
            }

            var at = random.Next(buffer.Length);
            DeliveryReceipt.TryParse((byte)random.Next(256), buffer.AsSpan(at, random.Next(buffer.Length - at)), buffer.AsSpan(0, i % 9), (byte)i, buffer.AsSpan(0, i % 4), out var r);
            Assert.True(r.MessageId.Length <= buffer.Length);
        }
    }

    private static DeliveryReceipt Parse(string text)
    {
        Assert.True(DeliveryReceipt.TryParse(0x04, Encoding.ASCII.GetBytes(text), [], null, [], out var receipt));
        return receipt;
    }

    private static string Text(ReadOnlySpan<byte> octets) => Encoding.ASCII.GetString(octets);
}
