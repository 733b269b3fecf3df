using Strowger.Smpp.Text;

namespace Strowger.Features.Messaging;

/// <summary>Bounds on what one message may be. Sizes in octets unless the name says otherwise.</summary>
public static class MessageLimits
{
    /// <summary>A line of a batch, an element of a JSON array, the body of a single message: many times the largest text of 255 parts would need in practice, small enough to buffer per connection.</summary>
    public const int MaxLine = 64 * 1024;

    /// <summary>UTF-16 characters of a text: 255 parts of 153 septets.</summary>
    public const int MaxTextChars = 153 * TextLimits.MaxParts;

    /// <summary>Octets of data: 255 parts of 134.</summary>
    public const int MaxData = 134 * TextLimits.MaxParts;

    /// <summary>The caller's own reference.</summary>
    public const int MaxReference = 128;

    /// <summary>A campaign's name, which is a flow key.</summary>
    public const int MaxCampaign = 64;

    /// <summary>The name of who hands a message in.</summary>
    public const int MaxAccount = 64;

    /// <summary>A channel's name.</summary>
    public const int MaxChannel = 64;

    /// <summary>A callback URL: what browsers and proxies pass without trouble.</summary>
    public const int MaxCallbackUrl = 2048;

    /// <summary>TLVs of one message.</summary>
    public const int MaxTlvs = 16;

    /// <summary>TLVs of one message, tags and lengths included: a submit_sm stays far below what carriers read.</summary>
    public const int MaxTlvOctets = 1024;

    /// <summary>expires_in, seconds: 31 days. Carriers keep a message at most a week.</summary>
    public const int MaxExpiresInSeconds = 31 * 24 * 3600;

    /// <summary>Earliest time accepted, Unix milliseconds: 2000-01-01.</summary>
    public const long MinTimeMs = 946_684_800_000;

    /// <summary>Latest time accepted, Unix milliseconds: 2100-01-01.</summary>
    public const long MaxTimeMs = 4_102_444_800_000;

    /// <summary>A row of a CSV file.</summary>
    public const int MaxCsvRow = 64 * 1024;

    /// <summary>Columns of a CSV file.</summary>
    public const int MaxCsvColumns = 256;
}
