using System.Buffers.Binary;

namespace Strowger.Smpp.Tests.Pdus;

public sealed class PduTests
{
    /// <summary>The worked example of SMPP 3.4 section 3.2.3.</summary>
    private const string BindExample =
        "0000002F000000020000000000000001" + "534D505033544553540073656372657430380" + "05355424D49543100" + "00010100";

    [Fact]
    public void Bind_example_of_the_standard_reads_and_writes_to_the_octet()
    {
        byte[] wire = Convert.FromHexString(BindExample);
        Assert.Equal(PduResult.Done, Pdu.Read(wire, 65536, out var pdu, out _));
        Assert.True(BindRequest.TryDecode(pdu.Header.CommandId, pdu.Body, out var bind, out _));
        Assert.Equal(BindMode.Transmitter, bind.Mode);
        Assert.True(bind.SystemId.SequenceEqual("SMPP3TEST"u8));
        Assert.True(bind.Password.SequenceEqual("secret08"u8));
        Assert.True(bind.SystemType.SequenceEqual("SUBMIT1"u8));
        Assert.Equal(1, bind.AddressTon);
        Assert.Equal(1, bind.AddressNpi);
        byte[] written = new byte[100];
        Assert.Equal(47, bind.Encode(written, 1));
        Assert.Equal(wire, written[..47]);
    }

    [Fact]
    public void Submit_sm_vector_reads_field_by_field()
    {
        byte[] wire = Convert.FromHexString(
            "0000003D" + "00000004" + "00000000" + "00000005" + "00" + "0201" + "3535353500" + "0101" + "35353535353535353500"
            + "00" + "00" + "00" + "00" + "00" + "01" + "00" + "03" + "00" + "0F" + "48656C6C6F2077696B697065646961");
        Assert.Equal(0x3D, wire.Length);
        Assert.Equal(PduResult.Done, Pdu.Read(wire, 65536, out var pdu, out _));
        Assert.True(SubmitSm.TryDecode(pdu.Body, out var sm, out _));
        Assert.Equal((2, 1, 1, 1, 3, 1), (sm.SourceTon, sm.SourceNpi, sm.DestinationTon, sm.DestinationNpi, sm.DataCoding, sm.RegisteredDelivery));
        Assert.True(sm.Source.SequenceEqual("5555"u8));
        Assert.True(sm.Destination.SequenceEqual("555555555"u8));
        Assert.True(sm.ShortMessage.SequenceEqual("Hello wikipedia"u8));
        Assert.True(sm.Tlvs.IsEmpty);
        byte[] written = new byte[wire.Length];
        Assert.Equal(wire.Length, sm.Encode(written, 5));
        Assert.Equal(wire, written);
    }

    [Fact]
    public void Every_pdu_reads_back_as_it_was_written()
    {
        foreach (var (name, wire) in Samples.All())
        {
            Assert.True(wire.Length >= 16, name);
            Assert.Equal(PduResult.Done, Pdu.Read(wire, 65536, out var pdu, out _));
            Assert.Equal(wire.Length, pdu.Bytes.Length);
            Assert.Equal(Convert.ToHexString(wire), Convert.ToHexString(Samples.Recode(pdu) ?? []));
        }
    }

    [Fact]
    public void Every_pdu_cut_at_every_point_asks_for_more()
    {
        foreach (var (_, wire) in Samples.All())
        {
            for (int cut = 0; cut < wire.Length; cut++)
            {
                Assert.Equal(PduResult.NeedMore, Pdu.Read(wire.AsSpan(0, cut), 65536, out _, out _));
            }

            byte[] twice = [.. wire, .. wire];
            Assert.Equal(PduResult.Done, Pdu.Read(twice, 65536, out var first, out _));
            Assert.Equal(wire.Length, first.Bytes.Length);
        }
    }

    [Fact]
    public void Every_body_shortened_at_every_point_is_refused_or_lenient_but_never_throws()
    {
        foreach (var (name, wire) in Samples.All())
        {
            int taken = 0;
            for (int length = 16; length < wire.Length; length++)
            {
                byte[] cut = wire[..length];
                BinaryPrimitives.WriteInt32BigEndian(cut, length);
                Assert.Equal(PduResult.Done, Pdu.Read(cut, 65536, out var pdu, out _));
                taken += Samples.Recode(pdu) is null ? 0 : 1;
            }

            if (name == "submit_sm")
            {
                Assert.Equal(3, taken); // only whole TLVs may fall off the end: 0, 1, 2 of the three
            }
        }
    }

    [Theory]
    [InlineData("00000000")]
    [InlineData("0000000F")]
    [InlineData("00010001")]
    [InlineData("FFFFFFFF")]
    [InlineData("48545450")]
    public void Impossible_length_is_invalid_as_soon_as_it_is_seen(string hex)
    {
        Assert.Equal(PduResult.Invalid, Pdu.Read(Convert.FromHexString(hex), 65536, out _, out var fault));
        Assert.Equal(CommandStatus.InvalidCommandLength, fault.Status);
        Assert.StartsWith("command_length is", fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_name_the_field_and_the_status_to_answer()
    {
        Assert.Equal(CommandStatus.InvalidDestinationAddress, Submit("00" + "0000" + "00" + "0000" + new string('3', 2 * 21) + "00").Status);
        Assert.Equal(CommandStatus.InvalidSourceAddress, Submit("00" + "0000" + new string('3', 2 * 21) + "00").Status);
        Assert.Equal(CommandStatus.InvalidServiceType, Submit("41414141414100").Status);
        Assert.Equal(CommandStatus.InvalidCommandLength, Submit("4141").Status);
        Assert.Equal("service_type is too long", Submit("41414141414100").Reason);
        const string head = "00" + "000000" + "000000" + "000000" + "0000" + "00000000";
        Assert.Equal(CommandStatus.InvalidMessageLength, Submit(head + "0541").Status);
        Assert.Equal(CommandStatus.InvalidTlvStream, Submit(head + "0141" + "04240005").Status);
        Assert.True(Submit(head + "0141").IsNone);
    }

    [Fact]
    public void Error_responses_without_body_and_ids_without_terminator_are_taken()
    {
        Assert.True(SubmitSmResp.TryDecode([], out var empty, out _));
        Assert.True(empty.MessageId.IsEmpty);
        Assert.True(SubmitSmResp.TryDecode("7F3A"u8, out var bare, out _));
        Assert.True(bare.MessageId.SequenceEqual("7F3A"u8));
        Assert.True(BindResp.TryDecode([], out _, out _));
        Assert.True(BindResp.TryDecode("MelroseLabs"u8, out var bind, out _));
        Assert.True(bind.SystemId.SequenceEqual("MelroseLabs"u8));
        Assert.False(SubmitSmResp.TryDecode(new byte[300].Select(_ => (byte)'1').ToArray(), out _, out var fault));
        Assert.Equal("message_id", fault.Field);
    }

    [Fact]
    public void Passwords_longer_than_the_standard_are_sent_and_taken_up_to_64()
    {
        byte[] password = Samples.Ascii(new string('p', 64));
        byte[] wire = new byte[200];
        int n = new BindRequest { Mode = BindMode.Transceiver, SystemId = "a"u8, Password = password }.Encode(wire, 1);
        Assert.True(BindRequest.TryDecode(CommandId.BindTransceiver, wire.AsSpan(16, n - 16), out var bind, out _));
        Assert.Equal(64, bind.Password.Length);
        Assert.Throws<ArgumentException>(() => new BindRequest { Mode = BindMode.Transceiver, Password = new byte[65].Select(_ => (byte)'p').ToArray() }.Encode(new byte[300], 1));
    }

    [Fact]
    public void What_breaks_the_standard_is_not_sent_and_too_small_a_buffer_takes_nothing()
    {
        var long20 = Samples.Ascii(new string('1', 20));
        byte[] buffer = new byte[600];
        Assert.True(new SubmitSm { Destination = long20 }.Encode(buffer, 1) > 0);
        Assert.Equal(CommandStatus.InvalidDestinationAddress, new SubmitSm { Destination = Samples.Ascii(new string('1', 21)) }.Check().Status);
        Assert.Equal(CommandStatus.InvalidSourceAddress, new SubmitSm { Source = "a\0b"u8 }.Check().Status);
        Assert.Equal(CommandStatus.InvalidMessageLength, new SubmitSm { ShortMessage = new byte[255] }.Check().Status);
        Assert.Throws<ArgumentException>(() => new SubmitSm { ShortMessage = new byte[255] }.Encode(new byte[600], 1));
        foreach (int size in (int[])[0, 16, 40])
        {
            Assert.Equal(0, Samples.Submit(Samples.Ascii("x")).Encode(new byte[size], 1));
        }
    }

    [Fact]
    public void Submit_multi_lists_its_destinations_and_its_failures()
    {
        var all = Samples.All();
        Assert.True(SubmitMulti.TryDecode(all["submit_multi"].AsSpan(16), out var multi, out _));
        List<string> seen = [];
        foreach (var to in multi.Destinations)
        {
            seen.Add($"{to.IsDistributionList} {System.Text.Encoding.ASCII.GetString(to.Address)}");
        }

        Assert.Equal(["False 467011", "True friends"], seen);
        Assert.True(SubmitMultiResp.TryDecode(all["submit_multi_resp"].AsSpan(16), out var response, out _));
        foreach (var failed in response)
        {
            Assert.Equal(CommandStatus.InvalidDestinationAddress, failed.Status);
        }
    }

    private static PduFault Submit(string bodyHex)
    {
        SubmitSm.TryDecode(Convert.FromHexString(bodyHex), out _, out var fault);
        return fault;
    }
}
