using System.Globalization;
using Microsoft.AspNetCore.Http;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Refusals;

namespace Portico.ControlPlane.Api.Access;

/// <summary>
/// Limits reads and changes per user, and wrong keys and other anonymous requests per address. A flood of those never
/// rejects a request with a valid key from the same address. Every response reports the state in <c>RateLimit-Limit</c>,
/// <c>-Remaining</c> and <c>-Reset</c> (in seconds).
/// </summary>
internal sealed class RequestLimits(PlatformSettings settings, TimeProvider time)
{
    private const string Local = "local";

    private readonly RateWindows _reads = new(settings.ApiReadsPerMinute, time);
    private readonly RateWindows _changes = new(settings.ApiChangesPerMinute, time);
    private readonly RateWindows _wrongKeys = new(settings.ApiWrongKeysPerMinute, time);
    private readonly RateWindows _anonymous = new(settings.ApiAnonymousPerMinute, time);

    /// <summary>Runs before authentication: makes every response report its state.</summary>
    internal Task BeforeKeyAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(static state => ShowAsync((HttpContext)state), context);
        Note(context, _anonymous.Look(ClientAddress.Of(context) ?? Local));
        return next(context);
    }

    /// <summary>Runs after authentication: counts the request against the limit of its user or of its address.</summary>
    internal Task AfterKeyAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<Caller>() is { } caller)
            Require(context, WindowsFor(context).Take(caller.UserId));
        else if (HasKey(context))
            CountWrongKey(context);
        else if (ClientAddress.Of(context) is { } address && !ShowsSecretLater(context))
            Require(context, _anonymous.Take(address));
        return next(context);
    }

    /// <summary>
    /// Counts a wrong key, code or secret, except for clients of the socket: they can read the owner's key, so they need not
    /// guess.
    /// </summary>
    /// <exception cref="RefusedException">429: the address sent too many of them.</exception>
    internal void CountWrongKey(HttpContext context)
    {
        if (ClientAddress.Of(context) is { } address)
            Require(context, _wrongKeys.Take(address));
    }

    /// <summary>Git sends its key only after a challenge; other endpoints find a secret in the body or query.</summary>
    private static bool ShowsSecretLater(HttpContext context) =>
        ApiKeyAuthentication.IsGit(context.Request) || context.GetEndpoint()?.Metadata.GetMetadata<ChecksOwnSecret>() is not null;

    private static void Require(HttpContext context, RateState state)
    {
        Note(context, state);
        if (state.IsOver)
            throw Refusal.TooManyRequests($"Too many requests: the limit is {state.Limit} per minute. Try again in {state.Reset} seconds.");
    }

    private RateWindows WindowsFor(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? _reads : _changes;

    private static bool HasKey(HttpContext context) => context.Request.Headers.Authorization.Count > 0 || SessionSecretsIn.Has(context.Request);

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
