using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portico.ControlPlane.State.Migrations
{
    /// <inheritdoc />
    public partial class ScalingAndSchedules : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "ScaledTo",
                table: "Services",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "ScalingFrom",
                table: "Services",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "NextAt",
                table: "CronSchedules",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "ServiceVersion",
                table: "CronSchedules",
                type: "INTEGER",
                nullable: false,
                defaultValue: -1);

            migrationBuilder.CreateIndex(
                name: "IX_Services_Type_Suspended_RoutedDeployId_Version_Id",
                table: "Services",
                columns: new[] { "Type", "Suspended", "RoutedDeployId", "Version", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_CronSchedules_NextAt",
                table: "CronSchedules",
                column: "NextAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Services_Type_Suspended_RoutedDeployId_Version_Id",
                table: "Services");

            migrationBuilder.DropIndex(
                name: "IX_CronSchedules_NextAt",
                table: "CronSchedules");

            migrationBuilder.DropColumn(
                name: "ScaledTo",
                table: "Services");

            migrationBuilder.DropColumn(
                name: "ScalingFrom",
                table: "Services");

            migrationBuilder.DropColumn(
                name: "NextAt",
                table: "CronSchedules");

            migrationBuilder.DropColumn(
                name: "ServiceVersion",
                table: "CronSchedules");
        }
    }
}
