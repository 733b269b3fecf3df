using System.Buffers.Binary;

namespace Strowger.Smpp.Text;

/// <summary>Information element identifiers (3GPP 23.040, 9.2.3.24) that this library reads.</summary>
public enum UdhElement : byte
{
    /// <summary>Concatenation, 8-bit reference.</summary>
    Concatenation8 = 0x00,

    /// <summary>Application ports, 8 bits each.</summary>
    Ports8 = 0x04,

    /// <summary>Application ports, 16 bits each.</summary>
    Ports16 = 0x05,

    /// <summary>Concatenation, 16-bit reference.</summary>
    Concatenation16 = 0x08,

    /// <summary>National language single shift table.</summary>
    SingleShift = 0x24,

    /// <summary>National language locking shift table.</summary>
    LockingShift = 0x25,
}

/// <summary>What a user data header says. Unknown elements are passed over; of an element given twice the last counts (23.040, 9.2.3.24).</summary>
public readonly record struct Udh
{
    /// <summary>Octets before the payload, the length octet included; 0 when there is no header or its length is a lie.</summary>
    public int Length { get; init; }

    /// <summary>True: the header is cut short or an element is malformed. What could be read is kept.</summary>
    public bool Damaged { get; init; }

    /// <summary>Parts of the whole message; 0 when this is not a part.</summary>
    public byte Parts { get; init; }

    /// <summary>This part's number, from 1.</summary>
    public byte Part { get; init; }

    /// <summary>The message's reference, same in all its parts.</summary>
    public ushort Reference { get; init; }

    /// <summary>True: the reference has 16 bits. References of different size do not match each other.</summary>
    public bool Reference16 { get; init; }

    /// <summary>Destination port, or -1.</summary>
    public int DestinationPort { get; init; }

    /// <summary>Originator's port, or -1.</summary>
    public int SourcePort { get; init; }

    /// <summary>National single shift table (1 Turkish, 2 Spanish, 3 Portuguese, ...); 0 the default.</summary>
    public byte SingleShift { get; init; }

    /// <summary>National locking shift table; 0 the default.</summary>
    public byte LockingShift { get; init; }

    /// <summary>True: this is one part of several.</summary>
    public bool IsPart => Parts > 1;

    /// <summary>No header.</summary>
    public static Udh None { get; } = new() { DestinationPort = -1, SourcePort = -1 };

    /// <summary>Reads the header at the start of the user data of a message with the UDHI bit. Never fails: see <see cref="Damaged"/>.</summary>
    public static Udh Parse(ReadOnlySpan<byte> userData)
    {
        if (userData.IsEmpty || userData[0] + 1 > userData.Length)
        {
            // The bit is set and no header is there: all of it is payload rather than lost.
            return None with { Damaged = true };
        }

        var udh = None with { Length = userData[0] + 1 };
        var rest = userData[1..udh.Length];
        while (!rest.IsEmpty)
        {
            if (rest.Length < 2 || rest[1] > rest.Length - 2)
            {
                return udh with { Damaged = true };
            }

            var value = rest.Slice(2, rest[1]);
            udh = Apply(udh, (UdhElement)rest[0], value);
            rest = rest[(2 + value.Length)..];
        }

        return udh;
    }

    private static Udh Apply(in Udh udh, UdhElement element, ReadOnlySpan<byte> value)
    {
        switch (element)
        {
            case UdhElement.Concatenation8:
                return value.Length == 3 ? Concatenated(udh, value[0], false, value[1], value[2]) : udh with { Damaged = true };
            case UdhElement.Concatenation16:
                return value.Length == 4
                    ? Concatenated(udh, BinaryPrimitives.ReadUInt16BigEndian(value), true, value[2], value[3])
                    : udh with { Damaged = true };
            case UdhElement.Ports8:
                return value.Length == 2 ? udh with { DestinationPort = value[0], SourcePort = value[1] } : udh with { Damaged = true };
            case UdhElement.Ports16:
                return value.Length == 4
                    ? udh with
                    {
                        DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(value),
                        SourcePort = BinaryPrimitives.ReadUInt16BigEndian(value[2..]),
                    }
                    : udh with { Damaged = true };
            case UdhElement.SingleShift:
                return value.Length == 1 ? udh with { SingleShift = value[0] } : udh with { Damaged = true };
            case UdhElement.LockingShift:
                return value.Length == 1 ? udh with { LockingShift = value[0] } : udh with { Damaged = true };
            default:
                return udh;
        }
    }

    // 9.2.3.24.1: no parts, part 0 or a part beyond the last: the element is ignored.
    private static Udh Concatenated(in Udh udh, ushort reference, bool wide, byte parts, byte part) =>
        parts == 0 || part == 0 || part > parts
            ? udh with { Damaged = true }
            : udh with { Reference = reference, Reference16 = wide, Parts = parts, Part = part };
}
