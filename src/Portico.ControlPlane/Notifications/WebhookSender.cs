using System.Text;
using Portico.ControlPlane.Outbound;
using Portico.ControlPlane.State;
using Portico.Core.Notifications;

namespace Portico.ControlPlane.Notifications;

/// <summary>Sends a message to a webhook, once.</summary>
internal sealed class WebhookSender(OutboundClient outbound, TimeProvider time)
{
    private const string Agent = "Portico-Webhooks/1";

    /// <summary>Render's limits: a response must arrive within 15 seconds. The beginning of its body is stored.</summary>
    private static readonly OutboundLimits Limits = new(TimeSpan.FromSeconds(15), 1024);

    public async Task<AttemptResult> SendAsync(DeliveryRow delivery, WebhookRow webhook, CancellationToken cancellationToken)
    {
        using var request = Request(delivery, webhook);
        try
        {
            var answer = await outbound.SendAsync(request, Limits, cancellationToken);
            return new AttemptResult(
                answer.IsSuccess ? AttemptOutcome.Accepted : AttemptOutcome.Failed, answer.Status, answer.Body.IsEmpty ? null : Shown(answer.Body.Span), Problem(answer));
        }
        catch (OutboundException exception)
        {
            return new AttemptResult(AttemptOutcome.Failed, null, null, exception.Message);
        }
    }

    private HttpRequestMessage Request(DeliveryRow delivery, WebhookRow webhook)
    {
        var now = time.GetUtcNow();
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new StringContent(delivery.Body, Encoding.UTF8, "application/json") };
        request.Headers.UserAgent.ParseAdd(Agent);
        request.Headers.Add("webhook-id", delivery.EventId);
        request.Headers.Add("webhook-timestamp", WebhookSignature.Timestamp(now));
        request.Headers.Add("webhook-signature", WebhookSignature.Of(webhook.Secret, delivery.EventId, now, delivery.Body));
        return request;
    }

    private static string? Problem(OutboundAnswer answer) => answer switch
    {
        { IsSuccess: true } => null,
        { Status: >= 300 and < 400 } => $"The receiver responded with {answer.Status}, but redirects are not followed. Set the webhook's url to the final URL.",
        _ => $"The receiver responded with {answer.Status} instead of 200 to 299.",
    };

    /// <summary>Returns the response as text that a database and a terminal can handle.</summary>
    private static string Shown(ReadOnlySpan<byte> body) => string.Concat(
        Encoding.UTF8.GetString(body).Select(character => char.IsControl(character) && character is not ('\n' or '\t') ? ' ' : character));
}
