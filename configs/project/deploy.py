"""Run the recipe every night under Prefect: take out the signs of comment, start this file once."""

# A server has to run (`prefect server start`) and PREFECT_API_URL has to name it; afterwards a
# worker does the runs (`prefect worker start --pool seimai`). What has not changed since the last
# night is not done again.
#
# from pathlib import Path
#
# from seimai.flows.deploy import deploy
#
# print(
#     deploy(
#         Path("recipe.yaml"),
#         out=Path("out"),
#         name="NAME",
#         cron="0 3 * * *",  # every night at three
#         timezone="Asia/Tokyo",
#     )
# )
