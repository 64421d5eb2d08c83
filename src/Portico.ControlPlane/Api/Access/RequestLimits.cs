using System.Globalization;
using Microsoft.AspNetCore.Http;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Refusals;

namespace Portico.ControlPlane.Api.Access;

/// <summary>
/// Limits reads and changes per API key, and failed authentications per address. Every response reports the state in
/// <c>RateLimit-Limit</c>, <c>-Remaining</c> and <c>-Reset</c> (in seconds).
/// </summary>
internal sealed class RequestLimits(PlatformSettings settings, TimeProvider time)
{
    private const string OwnersKey = "owner", Local = "local";
    private const int LoginsPerMinute = 300;

    private readonly RateWindows _reads = new(settings.ApiReadsPerMinute, time);
    private readonly RateWindows _changes = new(settings.ApiChangesPerMinute, time);
    private readonly RateWindows _wrongKeys = new(settings.ApiWrongKeysPerMinute, time);
    private readonly RateWindows _logins = new(LoginsPerMinute, time);

    /// <summary>Runs before authentication: rejects clients that sent too many wrong keys.</summary>
    internal Task BeforeKeyAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(static state => ShowAsync((HttpContext)state), context);
        Note(context, _wrongKeys.Look(WhoOf(context)));
        if (HasKey(context))
            RequireWrongKeysLeft(context);
        return next(context);
    }

    /// <summary>Runs after authentication: counts the request against the limit of its key.</summary>
    internal Task AfterKeyAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<Caller>() is { } caller)
            Require(context, WindowsFor(context).Take(caller.KeyId ?? OwnersKey));
        else if (HasKey(context))
            CountWrongKey(context);
        return next(context);
    }

    /// <exception cref="RefusedException">429: the client sent too many wrong keys.</exception>
    internal void RequireWrongKeysLeft(HttpContext context) => Require(context, _wrongKeys.Look(WhoOf(context)));

    /// <summary>Counts a wrong key, except for clients of the socket: they can read the owner's key, so they need not guess.</summary>
    internal void CountWrongKey(HttpContext context)
    {
        if (ClientAddress.Of(context) is { } address)
            Note(context, _wrongKeys.Take(address));
    }

    /// <summary>Limits the anonymous requests of a login.</summary>
    /// <exception cref="RefusedException">429: too many requests.</exception>
    internal void RequireLogin(HttpContext context) => Require(context, _logins.Take(WhoOf(context)));

    private static void Require(HttpContext context, RateState state)
    {
        Note(context, state);
        if (state.IsOver)
            throw Refusal.TooManyRequests($"Too many requests: the limit is {state.Limit} per minute. Try again in {state.Reset} seconds.");
    }

    private RateWindows WindowsFor(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? _reads : _changes;

    private static string WhoOf(HttpContext context) => ClientAddress.Of(context) ?? Local;

    private static bool HasKey(HttpContext context) => context.Request.Headers.Authorization.Count > 0;

    private static void Note(HttpContext context, RateState state) => context.Features.Set(new Noted(state));

    /// <summary>Adds the headers when the response starts. The error handler would remove headers that were set earlier.</summary>
    private static Task ShowAsync(HttpContext context)
    {
        var (headers, state) = (context.Response.Headers, context.Features.Get<Noted>()!.State);
        headers["RateLimit-Limit"] = Text(state.Limit);
        headers["RateLimit-Remaining"] = Text(state.Remaining);
        headers["RateLimit-Reset"] = Text(state.Reset);
        if (context.Response.StatusCode == StatusCodes.Status429TooManyRequests)
            headers.RetryAfter = Text(state.Reset);
        return Task.CompletedTask;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Noted(RateState State);
}
