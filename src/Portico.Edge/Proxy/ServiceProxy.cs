using Portico.Core.Routing;
using Portico.Edge.Hosting;
using Portico.Edge.Model;
using Portico.Edge.Pages;
using Portico.Edge.Records;
using Yarp.ReverseProxy.Forwarder;

namespace Portico.Edge.Proxy;

/// <summary>
/// Proxies requests to services. An instance that goes away, expected or not, costs the client nothing as long as the request can
/// be sent to another one, or to the same one a moment later.
/// </summary>
internal sealed class ServiceProxy
{
    private readonly IHttpForwarder _forwarder;
    private readonly ModelStore _store;
    private readonly HeldRequests _held;
    private readonly MaintenancePages _maintenance;
    private readonly TrafficCounters _traffic;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _invoker = ForwarderFactory.CreateInvoker(
        static (context, cancellationToken) => UpstreamConnector.OpenStreamAsync(context.DnsEndPoint, cancellationToken));

    public ServiceProxy(
        IHttpForwarder forwarder, ModelStore store, HeldRequests held, MaintenancePages maintenance, TrafficCounters traffic, TimeProvider time)
    {
        _forwarder = forwarder;
        _store = store;
        _held = held;
        _maintenance = maintenance;
        _traffic = traffic;
        _time = time;
    }

    public Task HandleAsync(EdgeContext context, EdgeModel model, ServiceTarget service) =>
        service is { Maintenance: not null, State: not ServiceRouteState.Suspended } ? _maintenance.AnswerAsync(context, service)
        : service.Activity is { } activity ? CountAsync(context, model, service, activity) : ServeAsync(context, model, service);

    /// <summary>Notes the time of the request, for a service that sleeps without traffic.</summary>
    private async Task CountAsync(EdgeContext context, EdgeModel model, ServiceTarget service, ServiceActivity activity)
    {
        activity.Touch();
        try
        {
            await ServeAsync(context, model, service);
        }
        finally
        {
            activity.Touch();
        }
    }

    private async Task ServeAsync(EdgeContext context, EdgeModel model, ServiceTarget service)
    {
        RetryBudget? retries = null;
        while (true)
        {
            var sent = _time.GetTimestamp();
            if (FindPage(service) is { } page)
            {
                await context.AnswerAgainAsync(page);
                return;
            }
            if (Balancer.Choose(service.Instances) is not { } instance)
            {
                retries ??= new RetryBudget(_time);
                if (!await HoldAsync(context, service, retries))
                    return;
            }
            else if (await TrySendAsync(context, model, service, instance) is not { } failure)
            {
                return;
            }
            else if (failure != AttemptFailure.Retired)
            {
                retries ??= new RetryBudget(_time);
                if (!await PrepareRetryAsync(context, service, instance, failure, retries, sent))
                    return;
            }
            model = _store.Current;
            service = model.FindService(service.Id) ?? service.AsGone();
        }
    }

    private static ErrorPage? FindPage(ServiceTarget service) =>
        service.IsGone ? ErrorPages.UnknownHost
        : service.IsSite ? ErrorPages.Unhealthy(service.Name)
        : ErrorPages.For(service.Name, service.State, service.DeployFailed);

    /// <returns>Null when the request is over: answered, aborted by the client, or failed in the middle of the response.</returns>
    private async ValueTask<AttemptFailure?> TrySendAsync(EdgeContext context, EdgeModel model, ServiceTarget service, Instance instance)
    {
        var http = context.Http;
        ForwarderError error;
        instance.InFlight.Enter();
        try
        {
            // Counted first, checked second: from here on a drain either sees this request or makes this check fail.
            if (!ReferenceEquals(_store.Current, model) && _store.Current.FindService(service.Id)?.Has(instance) != true)
                return AttemptFailure.Retired;
            context.Instance = instance;
            context.Bytes.CountRequest(http);
            error = await _forwarder.SendAsync(
                http, instance.Prefix, _invoker, RequestKind.ConfigFor(http.Request), context.Transformer);
        }
        finally
        {
            instance.InFlight.Leave();
        }
        // A request whose body the client broke off or malformed has its response already.
        if (error is ForwarderError.None or ForwarderError.RequestBodyClient || !RequestKind.CanAnswer(http))
            return null;
        return Judge(context, error);
    }

    private static AttemptFailure Judge(EdgeContext context, ForwarderError error)
    {
        if (error == ForwarderError.RequestCreation)
            return AttemptFailure.Unsendable;
        if (!context.Attempt.IsSent)
            return AttemptFailure.Unreachable;
        if (MalformedResponseException.IsCauseOf(error, context.Http.Features.Get<IForwarderErrorFeature>()?.Exception))
            return AttemptFailure.Malformed;
        if (error is ForwarderError.RequestTimedOut)
            return AttemptFailure.TimedOut;
        return error == ForwarderError.Request && RequestKind.IsRepeatable(context.Http) ? AttemptFailure.Reset : AttemptFailure.Final;
    }

    /// <returns>False when the request is not retried, and the client has its response.</returns>
    private async Task<bool> PrepareRetryAsync(
        EdgeContext context, ServiceTarget service, Instance instance, AttemptFailure failure, RetryBudget retries, long sent)
    {
        // A dying instance has nothing in flight any more, and may accept connections for some moments still.
        instance.Avoid();
        if (!retries.MayFollow(failure, sent))
        {
            _traffic.Of(service.Id).CountUpstreamFailure();
            await context.AnswerAgainAsync(PageFor(failure, service.Name));
            return false;
        }
        _traffic.Of(service.Id).CountRetry();
        context.Http.Response.Clear();
        if (!HasOther(service.Id, instance))
            await Task.Delay(RetryBudget.Pause, _time, context.Http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !context.Http.RequestAborted.IsCancellationRequested;
    }

    private static ErrorPage PageFor(AttemptFailure failure, string service) => failure switch
    {
        AttemptFailure.Unreachable => ErrorPages.Unreachable(service),
        AttemptFailure.Unsendable => ErrorPages.MalformedRequest,
        AttemptFailure.Malformed => ErrorPages.MalformedResponse(service),
        AttemptFailure.TimedOut => ErrorPages.TimedOut(service),
        AttemptFailure.Reset => ErrorPages.NoResponse(service),
        _ => ErrorPages.MayBeCarriedOut(service),
    };

    /// <summary>Waits until the service has an instance or the routes have changed in another way.</summary>
    /// <returns>False when nothing changed in time, and the client has its response.</returns>
    private async Task<bool> HoldAsync(EdgeContext context, ServiceTarget service, RetryBudget retries)
    {
        var aborted = context.Http.RequestAborted;
        if (await _held.WaitAsync(service.Id, retries, aborted))
            return true;
        if (!aborted.IsCancellationRequested)
            await context.AnswerAgainAsync(service.State == ServiceRouteState.Asleep
                ? ErrorPages.DidNotWake(service.Name)
                : ErrorPages.Unhealthy(service.Name));
        return false;
    }

    private bool HasOther(string serviceId, Instance instance) =>
        _store.Current.FindService(serviceId) is { } service
        && service.Instances.Any(other => other.Id != instance.Id && !other.IsAvoided);
}
