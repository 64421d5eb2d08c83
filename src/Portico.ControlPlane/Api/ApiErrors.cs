using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Refusals;

namespace Portico.ControlPlane.Api;

/// <summary>Marks endpoints whose clients show an error's text to users if it is not JSON.</summary>
internal sealed record PlainTextErrors;

/// <summary>Marks endpoints whose clients expect JSON with another media type.</summary>
internal sealed record JsonMediaType(string MediaType);

/// <summary>Maps exceptions to responses of one shape, <c>{id, message}</c>. Stack traces are never sent.</summary>
internal sealed partial class ApiErrors(ILogger<ApiErrors> logger) : IExceptionHandler
{
    // SQLITE_CONSTRAINT_UNIQUE and SQLITE_CONSTRAINT_PRIMARYKEY.
    private const int Taken = 2067, TakenKey = 1555;

    private const int DatabaseFull = 13;

    // ENOSPC and EDQUOT, which .NET passes on as they are.
    private const int NoSpace = 28, OverQuota = 122;

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is RefusedException refusal)
        {
            await WriteAsync(httpContext, StatusOf(refusal.Kind), refusal.Message);
            return true;
        }
        if (exception is HttpRefusedException http)
        {
            await WriteAsync(httpContext, http.Status, http.Message);
            return true;
        }
        if (exception is BadHttpRequestException bad)
        {
            await WriteAsync(httpContext, bad.StatusCode, HttpProblem.Describe(bad));
            return true;
        }
        if (exception is DbUpdateConcurrencyException or DbUpdateException { InnerException: SqliteException { SqliteExtendedErrorCode: Taken or TakenKey } })
        {
            // Who looked first and then was too late: what was free is taken, or what was there has changed.
            await WriteAsync(httpContext, StatusCodes.Status409Conflict, "Conflict: another request changed this resource. Fetch it again and retry.");
            return true;
        }
        if (httpContext.RequestAborted.IsCancellationRequested)
            return true;
        if (IsFullDisk(exception))
        {
            LogFullDisk(httpContext.TraceIdentifier, httpContext.Request.Path);
            await WriteAsync(httpContext, StatusCodes.Status507InsufficientStorage,
                "The disk of this machine is full, so nothing was changed. Running services are not affected. Free some space, then try again.");
            return true;
        }
        LogUnexpected(exception, httpContext.TraceIdentifier, httpContext.Request.Path);
        await WriteAsync(httpContext, StatusCodes.Status500InternalServerError,
            $"Internal error. Search the server's log for {httpContext.TraceIdentifier} to find the cause.");
        return true;
    }

    private static int StatusOf(RefusalKind kind) => kind switch
    {
        RefusalKind.Invalid => StatusCodes.Status400BadRequest,
        RefusalKind.Unprocessable => StatusCodes.Status422UnprocessableEntity,
        RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.Conflict => StatusCodes.Status409Conflict,
        RefusalKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        RefusalKind.TooManyRequests => StatusCodes.Status429TooManyRequests,
        RefusalKind.OutOfSpace => StatusCodes.Status507InsufficientStorage,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static bool IsFullDisk(Exception? exception) => exception switch
    {
        null => false,
        SqliteException { SqliteErrorCode: DatabaseFull } or IOException { HResult: NoSpace or OverQuota } => true,
        _ => IsFullDisk(exception.InnerException),
    };

    public static Task WriteAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        // Where something was thrown, the endpoint has been taken away already. Who is not let in is told alike everywhere.
        var endpoint = status == StatusCodes.Status401Unauthorized ? null : context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        // Git shows its user what is plain text.
        if (endpoint?.Metadata.GetMetadata<PlainTextErrors>() is not null)
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            return context.Response.WriteAsync($"{message}\n");
        }
        return context.Response.WriteAsJsonAsync(
            new ApiError(context.TraceIdentifier, message), PlatformJson.Readable.ApiError, endpoint?.Metadata.GetMetadata<JsonMediaType>()?.MediaType);
    }

    /// <summary>Writes the body of a response for which routing or authorization set only a status.</summary>
    public static Task WriteForStatusAsync(HttpContext context) => WriteAsync(context, StatusFor(context), context.Response.StatusCode switch
    {
        StatusCodes.Status415UnsupportedMediaType when JsonBodies.IsMissing(context) => JsonBodies.MissingMessage(null),
        StatusCodes.Status400BadRequest => "A value in the path or query has the wrong type. Write numbers in digits, and flags as true or false.",
        StatusCodes.Status401Unauthorized => "Unauthorized: send an API key in the header 'Authorization: Bearer …'.",
        StatusCodes.Status403Forbidden => "Forbidden.",
        StatusCodes.Status404NotFound => $"There is nothing at {context.Request.Path}.",
        StatusCodes.Status405MethodNotAllowed => $"{context.Request.Method} is not allowed at {context.Request.Path}.",
        StatusCodes.Status415UnsupportedMediaType => "Content-Type: must be application/json.",
        var other => $"The request was rejected with status {other}.",
    });

    /// <summary>A request without a body has no type of a body either: what is wrong is that it is missing.</summary>
    private static int StatusFor(HttpContext context) => context.Response.StatusCode == StatusCodes.Status415UnsupportedMediaType && JsonBodies.IsMissing(context)
        ? StatusCodes.Status400BadRequest
        : context.Response.StatusCode;

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} to {Path} failed.")]
    private partial void LogUnexpected(Exception exception, string requestId, string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} to {Path} failed: no space left on the disk.")]
    private partial void LogFullDisk(string requestId, string path);
}
