using System.Net;

namespace Strowger.Server.Cli;

/// <summary>The server refused (status and code set) or was not reached (status null). The message is complete.</summary>
internal sealed class ApiException(string message, HttpStatusCode? status = null, string? code = null) : Exception(message)
{
    public HttpStatusCode? Status { get; } = status;

    public string? Code { get; } = code;
}
