namespace Strowger.Features.Messaging.Inbound;

/// <summary>Reasons of posts, beside those of messages.</summary>
public static class PostCodes
{
    private const int Base = 0x20000;

    /// <summary>The job names no address that can be read.</summary>
    public const int NoAddress = Base + 1;

    /// <summary>The address is a loopback or private one and those are not allowed.</summary>
    public const int PrivateAddress = Base + 2;

    /// <summary>No connection, or it broke before the answer.</summary>
    public const int NoConnection = Base + 3;

    /// <summary>No answer in time.</summary>
    public const int NoAnswer = Base + 4;

    /// <summary>The receiver answered with this HTTP status, 100 to 999.</summary>
    public static int Of(int httpStatus) => Base + httpStatus;

    /// <summary>The HTTP status in a code; 0 when it holds none.</summary>
    public static int HttpStatusOf(int code) => code is >= Base + 100 and < Base + 1000 ? code - Base : 0;
}
