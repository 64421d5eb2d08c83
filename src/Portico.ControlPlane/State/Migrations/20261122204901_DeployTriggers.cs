using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portico.ControlPlane.State.Migrations
{
    /// <inheritdoc />
    public partial class DeployTriggers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Deploys_ServiceId_CreatedAt",
                table: "Deploys");

            migrationBuilder.AddColumn<string>(
                name: "Build",
                table: "Deploys",
                type: "TEXT",
                nullable: false,
                defaultValue: "WhenChanged");

            migrationBuilder.AddColumn<long>(
                name: "CommitAt",
                table: "Deploys",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "CommitMessage",
                table: "Deploys",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "IsFirst",
                table: "Deploys",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            // What used to be called the trigger was the reason in words.
            migrationBuilder.RenameColumn(
                name: "Trigger",
                table: "Deploys",
                newName: "Reason");

            migrationBuilder.AddColumn<string>(
                name: "Trigger",
                table: "Deploys",
                type: "TEXT",
                nullable: false,
                defaultValue: "Other");

            // Events of earlier versions have shapes that no client knows.
            migrationBuilder.Sql("DELETE FROM Events;");

            migrationBuilder.AddColumn<string>(
                name: "RequestedBy",
                table: "Deploys",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "RollbackOf",
                table: "Deploys",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "SupersededBy",
                table: "Deploys",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_Deploys_ServiceId_Id",
                table: "Deploys",
                columns: new[] { "ServiceId", "Id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Deploys_ServiceId_Id",
                table: "Deploys");

            migrationBuilder.DropColumn(
                name: "Build",
                table: "Deploys");

            migrationBuilder.DropColumn(
                name: "CommitAt",
                table: "Deploys");

            migrationBuilder.DropColumn(
                name: "CommitMessage",
                table: "Deploys");

            migrationBuilder.DropColumn(
                name: "IsFirst",
                table: "Deploys");

            migrationBuilder.DropColumn(
                name: "Trigger",
                table: "Deploys");

            migrationBuilder.RenameColumn(
                name: "Reason",
                table: "Deploys",
                newName: "Trigger");

            migrationBuilder.DropColumn(
                name: "RequestedBy",
                table: "Deploys");

            migrationBuilder.DropColumn(
                name: "RollbackOf",
                table: "Deploys");

            migrationBuilder.DropColumn(
                name: "SupersededBy",
                table: "Deploys");

            migrationBuilder.CreateIndex(
                name: "IX_Deploys_ServiceId_CreatedAt",
                table: "Deploys",
                columns: new[] { "ServiceId", "CreatedAt" });
        }
    }
}
