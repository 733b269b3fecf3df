using System.Buffers.Binary;

namespace Strowger.Smpp.Tests.Pdus;

/// <summary>Hostile input to the codec: nothing throws, and what is taken can be walked to its end.</summary>
public sealed class FuzzTests
{
    private const int Inputs = 200_000;

    [Fact]
    public void Random_octets_and_mutated_pdus_never_throw()
    {
        var random = new Random(20261120);
        byte[][] seeds = [.. Samples.All().Values];
        byte[] buffer = new byte[2048];
        int done = 0;
        int faults = 0;
        for (int i = 0; i < Inputs; i++)
        {
            int length;
            if (i % 4 == 0)
            {
                length = random.Next(0, 200);
                random.NextBytes(buffer.AsSpan(0, length));
                if (length >= 16 && i % 8 == 0)
                {
                    BinaryPrimitives.WriteInt32BigEndian(buffer, length);
                    BinaryPrimitives.WriteUInt32BigEndian(buffer.AsSpan(4), BinaryPrimitives.ReadUInt32BigEndian(seeds[random.Next(seeds.Length)].AsSpan(4)));
                }
            }
            else
            {
                byte[] seed = seeds[random.Next(seeds.Length)];
                seed.CopyTo(buffer, 0);
                length = Mutate(random, buffer, seed.Length);
            }

            if (Pdu.Read(buffer.AsSpan(0, length), 65536, out var pdu, out var fault) == PduResult.Done)
            {
                done++;
                faults += Walk(pdu) ? 0 : 1;
            }
            else
            {
                Assert.True(fault.IsNone == (fault.Reason.Length == 0));
            }
        }

        Assert.InRange(done, Inputs / 3, Inputs);
        Assert.InRange(faults, 1, done);
    }

    private static int Mutate(Random random, byte[] buffer, int length)
    {
        for (int n = random.Next(1, 6); n > 0; n--)
        {
            int at = random.Next(16, Math.Max(17, length));
            switch (random.Next(4))
            {
                case 0:
                    buffer[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    buffer[at] = (byte)random.Next(256);
                    break;
                case 2:
                    length = random.Next(16, length + 1);
                    break;
                default:
                    length = Math.Min(buffer.Length, length + random.Next(40));
                    break;
            }
        }

        if (random.Next(20) != 0)
        {
            BinaryPrimitives.WriteInt32BigEndian(buffer, length);
        }

        return length;
    }

    private static bool Walk(in Pdu pdu)
    {
        var body = pdu.Body;
        switch (pdu.Header.CommandId & ~CommandId.ResponseBit)
        {
            case CommandId.SubmitSm when !CommandId.IsResponse(pdu.Header.CommandId):
                bool ok = SubmitSm.TryDecode(body, out var submit, out _);
                return Walk(submit.Tlvs) + submit.UserData.Length >= 0 && ok;
            case CommandId.SubmitSm:
                ok = SubmitSmResp.TryDecode(body, out var response, out _);
                return Walk(response.Tlvs) >= 0 && ok;
            case CommandId.DeliverSm:
                ok = DeliverSm.TryDecode(body, out var deliver, out _);
                return Walk(deliver.Tlvs) + deliver.UserData.Length >= 0 && ok;
            case CommandId.DataSm:
                ok = DataSm.TryDecode(body, out var data, out _);
                return Walk(data.Tlvs) + data.UserData.Length >= 0 && DataSmResp.TryDecode(body, out _, out _) && ok;
            case CommandId.SubmitMulti:
                ok = SubmitMulti.TryDecode(body, out var multi, out _);
                foreach (var to in multi.Destinations)
                {
                    Assert.True(to.Address.Length < 21);
                }

                SubmitMultiResp.TryDecode(body, out var multiResponse, out _);
                foreach (var failed in multiResponse)
                {
                    Assert.True(failed.Address.Length < 256);
                }

                return ok;
            case CommandId.BindReceiver or CommandId.BindTransmitter or CommandId.BindTransceiver:
                return BindRequest.TryDecode(pdu.Header.CommandId, body, out _, out _) & BindResp.TryDecode(body, out _, out _);
            case CommandId.QuerySm:
                return QuerySm.TryDecode(body, out _, out _) & QuerySmResp.TryDecode(body, out _, out _);
            case CommandId.CancelSm:
                return CancelSm.TryDecode(body, out _, out _);
            case CommandId.ReplaceSm:
                return ReplaceSm.TryDecode(body, out _, out _);
            case CommandId.Outbind:
                return Outbind.TryDecode(body, out _, out _);
            case CommandId.AlertNotification:
                return AlertNotification.TryDecode(body, out _, out _);
            default:
                return true;
        }
    }

    private static int Walk(Tlvs tlvs)
    {
        int octets = 0;
        foreach (var tlv in tlvs)
        {
            octets += tlv.Value.Length;
        }

        tlvs.TryGetSar(out _, out _, out _);
        tlvs.TryGetNetworkErrorCode(out _, out _);
        return octets;
    }
}
