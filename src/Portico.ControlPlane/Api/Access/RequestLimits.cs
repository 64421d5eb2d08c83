using System.Globalization;
using Microsoft.AspNetCore.Http;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Refusals;

namespace Portico.ControlPlane.Api.Access;

/// <summary>
/// Limits each key's reads and changes, and how fast one address may try keys that are none. Every answer says what is
/// left: <c>RateLimit-Limit</c>, <c>-Remaining</c> and <c>-Reset</c> in seconds.
/// </summary>
public sealed class RequestLimits(PlatformSettings settings, TimeProvider time)
{
    private const string OwnersKey = "owner", Local = "local";
    private const int LoginsPerMinute = 300;

    private readonly RateWindows _reads = new(settings.ApiReadsPerMinute, time);
    private readonly RateWindows _changes = new(settings.ApiChangesPerMinute, time);
    private readonly RateWindows _wrongKeys = new(settings.ApiWrongKeysPerMinute, time);
    private readonly RateWindows _logins = new(LoginsPerMinute, time);

    /// <summary>Before the key is looked at: who tried too many wrong ones does not get another try.</summary>
    internal Task BeforeKeyAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(static state => ShowAsync((HttpContext)state), context);
        Note(context, _wrongKeys.Look(WhoOf(context)));
        if (HasKey(context))
            RequireWrongKeysLeft(context);
        return next(context);
    }

    /// <summary>When it is known whose the key is.</summary>
    internal Task AfterKeyAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<Caller>() is { } caller)
            Require(context, WindowsFor(context).Take(caller.KeyId ?? OwnersKey));
        else if (HasKey(context))
            CountWrongKey(context);
        return next(context);
    }

    /// <exception cref="RefusedException">429: too many wrong keys came from there.</exception>
    internal void RequireWrongKeysLeft(HttpContext context) => Require(context, _wrongKeys.Look(WhoOf(context)));

    /// <summary>Whoever has the socket may read the owner's key as well, and need not guess.</summary>
    internal void CountWrongKey(HttpContext context)
    {
        if (ClientAddress.Of(context) is { } address)
            Note(context, _wrongKeys.Take(address));
    }

    /// <summary>For what strangers may ask while they log in.</summary>
    /// <exception cref="RefusedException">429.</exception>
    internal void RequireLogin(HttpContext context) => Require(context, _logins.Take(WhoOf(context)));

    private static void Require(HttpContext context, RateState state)
    {
        Note(context, state);
        if (state.IsOver)
            throw Refusal.TooManyRequests($"Too many requests: {state.Limit} a minute are allowed. Try again in {state.Reset} seconds.");
    }

    private RateWindows WindowsFor(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? _reads : _changes;

    private static string WhoOf(HttpContext context) => ClientAddress.Of(context) ?? Local;

    private static bool HasKey(HttpContext context) => context.Request.Headers.Authorization.Count > 0;

    private static void Note(HttpContext context, RateState state) => context.Features.Set(new Noted(state));

    /// <summary>Not before: an answer that tells of an error begins without the headers that were set until then.</summary>
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
