using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.State;
using Portico.Core.Notifications;

namespace Portico.ControlPlane.Notifications;

/// <summary>Sends an email through the operator's mail server, once.</summary>
internal sealed class MailSender(PlatformSettings settings, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <returns>Null if the receiver or the mail server is missing.</returns>
    public async Task<string?> AddressAsync(PorticoDb db, DeliveryRow delivery, CancellationToken cancellationToken)
    {
        return settings.Smtp is null ? null : await db.Users
            .Where(user => user.Id == delivery.Receiver && db.Members.Any(member => member.UserId == user.Id && member.WorkspaceId == delivery.WorkspaceId))
            .Select(user => user.Email).FirstOrDefaultAsync(cancellationToken);
    }

    public async Task<AttemptResult> SendAsync(DeliveryRow delivery, string address, CancellationToken cancellationToken)
    {
        using var clock = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellationToken);
        try
        {
            using var message = Message(delivery, address);
            using var client = Client(settings.Smtp!);
            await client.SendMailAsync(message, either.Token);
            return new AttemptResult(AttemptOutcome.Accepted, null, null, null);
        }
        catch (SmtpException exception)
        {
            return Failed(IsFinal(exception) ? AttemptOutcome.Refused : AttemptOutcome.Failed, exception.InnerException?.Message ?? exception.Message);
        }
        catch (FormatException exception)
        {
            return Failed(AttemptOutcome.Refused, exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(AttemptOutcome.Failed, $"The mail server did not accept the email within {Longest.TotalSeconds:0} seconds.");
        }
    }

    private static AttemptResult Failed(AttemptOutcome outcome, string problem) => new(outcome, null, null, problem);

    /// <summary>
    /// Whether an error concerns the address and is permanent. Problems of the mail server or of the platform's account may
    /// be fixed.
    /// </summary>
    private static bool IsFinal(SmtpException exception) => exception is SmtpFailedRecipientException
        && exception.StatusCode is SmtpStatusCode.MailboxUnavailable or SmtpStatusCode.UserNotLocalTryAlternatePath or SmtpStatusCode.MailboxNameNotAllowed;

    private static SmtpClient Client(SmtpSettings smtp) => new(smtp.Host, smtp.Port)
    {
        EnableSsl = smtp.UseTls,
        Credentials = smtp.User is null ? null : new NetworkCredential(smtp.User, smtp.Password),
    };

    private MailMessage Message(DeliveryRow delivery, string address)
    {
        var sender = new MailAddress(settings.MailSender, "Portico");
        var message = new MailMessage(sender, new MailAddress(address))
        {
            Subject = delivery.Subject,
            SubjectEncoding = Encoding.UTF8,
            Body = delivery.Body,
            BodyEncoding = Encoding.UTF8,
        };
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(Html(delivery.Body), Encoding.UTF8, MediaTypeNames.Text.Html));
        // The same for each attempt: a reader that gets it twice shows it once.
        message.Headers.Add("Message-ID", $"<{delivery.EventId}.{delivery.Receiver}@{sender.Host}>");
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }

    private static string Html(string text) =>
        $"<!doctype html><html><body><pre style=\"font: 14px/1.5 ui-monospace, monospace; white-space: pre-wrap\">{HtmlEncoder.Default.Encode(text).Replace("&#xA;", "\n", StringComparison.Ordinal)}</pre></body></html>";
}
