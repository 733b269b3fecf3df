using System.Buffers.Binary;
using System.Text;

namespace Strowger.Engine.Events;

/// <summary>
/// Gives a number to a flow: <code>i32 number, u8 lane, u32 excluded stages, u8 queue name length, queue name, flow name, [1F, key]</code>
/// or to a stage: <code>i32 number, name</code>
/// </summary>
internal static class NameRecord
{
    /// <summary>Between name and key: US of ASCII. A version without keys takes both for the name.</summary>
    private const char KeyMark = '\u001f';

    public static byte[] Flow(int number, string queue, Lane lane, string name, string? key, uint excluded)
    {
        var queueBytes = Encoding.UTF8.GetBytes(queue);
        var nameBytes = Encoding.UTF8.GetBytes(key is null ? name : name + KeyMark + key);
        var bytes = new byte[10 + queueBytes.Length + nameBytes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        bytes[4] = (byte)lane;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(5), excluded);
        bytes[9] = (byte)queueBytes.Length;
        queueBytes.CopyTo(bytes, 10);
        nameBytes.CopyTo(bytes, 10 + queueBytes.Length);
        return bytes;
    }

    public static bool TryReadFlow(
        ReadOnlySpan<byte> from, out int number, out string queue, out Lane lane, out string name, out string? key, out uint excluded)
    {
        (number, queue, lane, name, key, excluded) = (0, string.Empty, Lane.Normal, string.Empty, null, 0);
        if (from.Length < 10 || from.Length < 10 + from[9] || from[4] > (byte)Lane.Bulk)
        {
            return false;
        }

        number = BinaryPrimitives.ReadInt32LittleEndian(from);
        lane = (Lane)from[4];
        excluded = BinaryPrimitives.ReadUInt32LittleEndian(from[5..]);
        queue = Encoding.UTF8.GetString(from.Slice(10, from[9]));
        name = Encoding.UTF8.GetString(from[(10 + from[9])..]);
        if (name.LastIndexOf(KeyMark) is >= 0 and var at)
        {
            (name, key) = (name[..at], name[(at + 1)..]);
        }

        return number > 0 && number <= EngineLimits.MaxFlows * 4;
    }

    public static byte[] Stage(int number, string name)
    {
        var nameBytes = Encoding.UTF8.GetBytes(name);
        var bytes = new byte[4 + nameBytes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        nameBytes.CopyTo(bytes, 4);
        return bytes;
    }

    public static bool TryReadStage(ReadOnlySpan<byte> from, out int number, out string name)
    {
        (number, name) = (0, string.Empty);
        if (from.Length < 4)
        {
            return false;
        }

        number = BinaryPrimitives.ReadInt32LittleEndian(from);
        name = Encoding.UTF8.GetString(from[4..]);
        return number is > 0 and <= ushort.MaxValue;
    }
}
